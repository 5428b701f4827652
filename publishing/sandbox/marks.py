"""How what the sandbox gave out is recognised, also where the sandbox is off."""

TOKEN = "EAAsandbox"
"""How its tokens begin. No platform gives out such."""
