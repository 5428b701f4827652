"""How a platform says no. `errors.py` tells which of its numbers mean what."""

from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """platforms.md, C3. Only RETRY and WAIT go back to the queue by themselves."""

    RETRY = "retry"
    WAIT = "wait"
    AUTH = "auth"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class PlatformError(Exception):
    """The platform said no, or nothing. `str(error)` is a sentence for an operator and never holds a token."""

    def __init__(
        self,
        kind: Kind,
        sentence: str,
        *,
        code: int | None = None,
        subcode: int | None = None,
        status: int | None = None,
        trace_id: str = "",
        wait: timedelta | None = None,
        start_over: bool = False,
        throttles: bool = False,
    ):
        super().__init__(sentence)
        self.kind = kind
        self.code = code
        self.subcode = subcode
        self.status = status
        self.trace_id = trace_id
        self.wait = wait
        """For WAIT: how long the platform, or platforms.md, says to stay away."""
        self.start_over = start_over
        """The reference is used up (expired, vanished): the next try prepares a new one."""
        self.throttles = throttles
        """For WAIT: it is about the account or the app, so nothing of this account may be called for that long."""


class MustGoByHand(PlatformError):  # noqa: N818
    """The platform shows the post and does not let this app remove it, so a person must. The sentence says why: it is
    not ours, or not allowed. Kind RETRY: only if it says so again."""


class SecondStepRefused(PlatformError):  # noqa: N818
    """The Page does not let this app publish what it prepared. Nothing is public. Use the direct way from now on."""


def other_way() -> PlatformError:
    """How the account publishes was changed after this was prepared. What is left of it is invisible."""
    return PlatformError(Kind.RETRY, "It was prepared for another way of publishing, and starts over.", start_over=True)
