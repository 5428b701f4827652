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


DOUBT = " Whether the post is public is not known yet."


class Scope(StrEnum):
    """What a platform wants nothing of for a while (platforms.md, D). A removal is tried in spite of each."""

    POSTS = "posts"
    """No post of this account. Reading goes on."""
    CALLS = "calls"
    """No call for this account."""
    APP = "app"
    """No call for any account of this app."""


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
        repeats: bool = False,
        made_nothing: bool = False,
        scope: Scope = Scope.CALLS,
        holds: bool = False,
    ):
        super().__init__(sentence)
        self.kind = kind
        self.code = code
        self.subcode = subcode
        self.status = status
        self.trace_id = trace_id
        self.wait = wait
        """For WAIT, and beside a doubt: how long the platform, or platforms.md, says to stay away."""
        self.start_over = start_over
        """The reference is used up (expired, vanished): the next try prepares a new one."""
        self.throttles = throttles
        """It is about the account or the app, as `scope` says, for as long as `wait`. Also beside a doubt: what the
        platform said holds, whatever became of the post."""
        self.scope = scope
        self.holds = holds or kind is Kind.AUTH
        """A person must reconnect the account, whatever became of the post."""
        self.repeats = repeats
        """The platform says that it has the same post already. Ours, if an earlier attempt may have made it."""
        self.made_nothing = made_nothing
        """The call has left nothing on the platform, for certain: it was refused, or never left."""

    def as_refusal(self, to_do: str) -> "PlatformError":
        """The same, said for certain."""
        said = f"{str(self).removesuffix(DOUBT)} {to_do}"
        return PlatformError(
            Kind.REJECTED, said, code=self.code, subcode=self.subcode, status=self.status, trace_id=self.trace_id
        )


class NotYet(PlatformError):  # noqa: N818
    """No failure and no try: the platform is still at work, or the time of this run is used up. Come back."""

    def __init__(self, sentence: str, *, working: bool = True):
        super().__init__(Kind.WAIT if working else Kind.RETRY, sentence, made_nothing=True)
        self.working = working
        """The platform is at work, and needs a while. Otherwise the next run may begin at once."""


class MustGoByHand(PlatformError):  # noqa: N818
    """The platform shows the post and does not let this app remove it, so a person must. The sentence says why: it is
    not ours, or not allowed. Kind RETRY: only if it says so again."""


class SecondStepRefused(PlatformError):  # noqa: N818
    """The Page does not let this app publish what it prepared. Nothing is public. Use the direct way from now on."""


def other_way() -> PlatformError:
    """How the account publishes was changed after this was prepared. What is left of it is invisible."""
    return PlatformError(Kind.RETRY, "It was prepared for another way of publishing, and starts over.", start_over=True)
