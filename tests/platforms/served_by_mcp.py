"""The stand-ins, started over real stdio from the settings as an administrator would name them."""

import sys
from pathlib import Path

STANDINS = Path(__file__).parent / "mcp_standins"


def standin(name: str, *arguments: str) -> list[str]:
    return [sys.executable, str(STANDINS / f"{name}_server.py"), *arguments]
