"""Whose post is it? Proof is an id that the platform gave us, or a reference that only we have. Words and time make
candidates, for a person to choose from."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from publishing.platforms import likeness

if TYPE_CHECKING:
    from publishing.platforms.base import Content

MOST = 5
"""Candidates that a person is shown."""


@dataclass(frozen=True)
class Receipt:
    """It is public. An empty `post_id`: certainly, and the platform does not say which post it is."""

    post_id: str
    permalink: str = ""


@dataclass(frozen=True)
class Seen:
    """A post as the platform shows it."""

    receipt: Receipt
    message: str
    public: bool = field(default=True, kw_only=True)

    def reads_like(self, content: "Content") -> bool:
        return likeness.same(self.message, content.message)


@dataclass(frozen=True)
class Candidate(Seen):
    """A public post that may be ours. None and empty: the platform does not tell."""

    made_at: datetime
    """On the platform's clock, which tells whole seconds."""
    images: int | None = None
    picture: str = ""
    """The address of its first image."""
    application: str = ""
    """The id of the app that made it."""
    photos: frozenset[str] = frozenset()
    """Ids of the photos that it shows."""
    weak: bool = False
    """It has no words: only its time and the number of its images fit."""


class Fate(StrEnum):
    """What became of a publication whose answer was lost."""

    LIVE = "live"
    NOT_LIVE = "not live"
    """Proved: the reference is still invisible and may be committed again."""
    ABSENT = "absent"
    """Proved: nothing was published and the reference is gone; prepare anew."""
    UNSURE = "unsure"
    """Reading does not prove it either way. Look again later, or ask a person."""


@dataclass(frozen=True)
class Finding:
    """`receipt` only with proof. LIVE without one: certainly public, but the platform does not tell as which post."""

    fate: Fate
    receipt: Receipt | None = None
    candidates: tuple[Candidate, ...] = ()


def candidates(
    listed: Iterable[Candidate], content: "Content", since: datetime, taken: Collection[str], app: str = ""
) -> tuple[Candidate, ...]:
    """Those of the listed posts that may be this one, the best first. `since`: when publishing began, on the
    platform's clock. `taken`: ids that belong to others. `app`: the id of ours, where it is known."""
    since = since.replace(microsecond=0)
    wordless = not likeness.words(content.message)
    found = [
        replace(post, weak=wordless)
        for post in listed
        if post.made_at >= since and post.receipt.post_id not in taken and may_be(post, content, app)
    ]
    return tuple(sorted(found, key=lambda post: (post.message != content.message, post.made_at - since))[:MOST])


def may_be(post: Candidate, content: "Content", app: str) -> bool:
    """It says the same, and nothing that the platform tells of it speaks against it."""
    if not post.reads_like(content) or (app and post.application and post.application != app):
        return False
    fits = post.images == len(content.images)
    return fits or (post.images is None and bool(likeness.words(content.message)))


def proved_by_photos(listed: Iterable[Candidate], photos: Collection[str], taken: Collection[str]) -> Receipt | None:
    """Of the post that shows exactly the photos that were uploaded for it: nobody else has them."""
    ours = frozenset(photos)
    found = (post.receipt for post in listed if post.photos == ours and post.receipt.post_id not in taken)
    return next(found, None) if ours else None
