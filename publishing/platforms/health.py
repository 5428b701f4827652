"""What a platform tells about an account and its token."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Quota:
    """Posts that the platform allows in 24 hours, and how many of them are used."""

    total: int
    used: int


@dataclass(frozen=True)
class TokenFacts:
    """What the platform tells about the token itself. `expires_at` None: it never expires."""

    scopes: tuple[str, ...]
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    kind: str = ""


@dataclass(frozen=True)
class Health:
    """What `check` found. `details` are short sentences for people."""

    name: str
    details: tuple[str, ...] = ()
    quota: Quota | None = None
    usage: int | None = None
    """Percent of the calls that the platform allows. None: it shows none."""
    scopes: tuple[str, ...] | None = None
    """What the token may do. None: the platform does not tell this token."""
    token: TokenFacts | None = None
    """None: the platform was not asked about the token, or did not tell."""
