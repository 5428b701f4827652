"""The security log: who did what that matters for security, when, and from where.

Call `note` in the transaction of the change, so that both are kept or neither. Never with anything secret.
"""

from sophia.signin.models.event import Kind, note

__all__ = ["Kind", "note"]
