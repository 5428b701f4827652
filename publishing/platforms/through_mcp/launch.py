"""How one account's server is started, and what must never come back from it."""

import re
from dataclasses import dataclass, field
from importlib.util import find_spec

from django.conf import settings

from publishing.platforms import answers

NAMED_SECRET = re.compile(r"((?:token|secret|proof|password)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+", re.IGNORECASE)
SERVERS = {"facebook": "facebook-mcp-server", "instagram": "ig-mcp"}
NEEDS_APP = {"instagram"}
"""It does not start without the id and the secret of the app (platforms.md F2)."""


@dataclass(frozen=True)
class Launch:
    """Equal launches share one process. `needs`: the tools without which it is not the server that Sophia knows."""

    account: str
    title: str
    command: tuple[str, ...]
    folder: str
    environment: tuple[tuple[str, str], ...] = field(repr=False)
    secrets: frozenset[str] = field(repr=False)
    needs: frozenset[str]

    def harmless(self, text: str) -> str:
        """Without any secret, whole or in part: a server quotes addresses that have the token in them (F1)."""
        for secret in self.secrets:
            text = answers.without(secret, text)
        text = answers.SECRETIVE.sub("…", NAMED_SECRET.sub(r"\1…", answers.UNSTORABLE.sub("", text)))
        return text[: answers.WORDS].strip()


def setting_of(platform: str) -> str:
    return f"SOPHIA_MCP_{platform.upper()}"


def why_not(platform: str) -> str:
    """Why accounts of this platform cannot publish through MCP. Empty: they can."""
    if not settings.SOPHIA_MCP.get(platform):
        return (
            f"{setting_of(platform)} is empty: an administrator names there how {SERVERS[platform]} is started "
            "(docs/mcp.md)."
        )
    if find_spec("mcp") is None:
        return "The package mcp is not installed. Run bin/setup --with mcp, then start Sophia again."
    if platform in NEEDS_APP and not settings.SOPHIA_APP_ID:
        return f"{SERVERS[platform]} needs the app: set SOPHIA_APP_ID and SOPHIA_APP_SECRET."
    return ""
