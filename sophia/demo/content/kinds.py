from dataclasses import dataclass
from enum import Enum, auto


class Fate(Enum):
    """How far a draft has come when the visitor arrives."""

    UNFINISHED = auto()
    IN_REVIEW = auto()
    REJECTED = auto()
    SKIPPED = auto()
    APPROVED = auto()
    OUT = auto()
    """Approved for now: the workers publish it as soon as they run."""


@dataclass(frozen=True)
class Wish:
    """A draft as it will be. `when` is what its writer suggests: days from today and the client's own time of day,
    such as `2 07:15`. What would be past is a day later."""

    ref: str
    platform: str
    title: str
    text: str
    when: str = ""
    pictures: tuple[str, ...] = ()
    link: str = ""
    written_by_anna: bool = False
    fate: Fate = Fate.IN_REVIEW
    tags: tuple[str, ...] = ()
    note: str = ""
    edited: str = ""
    """What the operator has made of the text since."""


@dataclass(frozen=True)
class Business:
    name: str
    timezone: str
    page: str
    profile: str
    username: str
    wishes: tuple[Wish, ...]
    deletes_by_api: bool = True
    """Off: its token may not delete on Instagram, so that a person must (and a visitor can see that)."""
