"""Is a post gone? That it cannot be read is no proof: this token may have lost sight of it (platforms.md A7)."""

from dataclasses import dataclass
from enum import StrEnum

HIDDEN = (
    "The post cannot be read any more, and neither can any other post of the account. It may be hidden from Sophia."
)
NEVER_SEEN = (
    "The post cannot be read, but Sophia has not seen it since the account got its present token, and nobody has "
    "confirmed that it was deleted. It may be hidden from Sophia."
)


class Sight(StrEnum):
    """What one look at a post showed. One look proves nothing: lists and reads may lag."""

    LIVE = "live"
    GONE = "gone"
    """It cannot be read."""
    UNCLEAR = "unclear"
    """Reading failed, or a list still shows what cannot be read."""


@dataclass(frozen=True)
class Absence:
    """What one run of reads with one token showed of a post."""

    sight: Sight
    control: str = ""
    """Another post of the account, which the same token could read in the same run."""
    alone: bool = False
    """Its account has no other post, as far as Sophia and a list that could be read know. The list does not show it."""

    @property
    def is_controlled(self) -> bool:
        """It cannot be read, and would be seen if it were there."""
        return self.sight is Sight.GONE and bool(self.control)

    def doubt(self, *, deleted: bool, seen: bool, watched: bool) -> str:
        """Why it is not proved gone, as a sentence. Empty: it is. `deleted`: the platform said so. `seen`: this token
        has shown this very post before. `watched`: it has, right before the platform said that it deleted it. Then the
        only post of an account was its own control."""
        if watched and self.sight is Sight.GONE and self.alone:
            return ""
        if not self.is_controlled:
            return HIDDEN
        return "" if deleted or seen else NEVER_SEEN
