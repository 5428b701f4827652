"""What Sophia asks of a platform, in values only: no model, no state, no clock of its own.

Publishing has two steps. `prepare` is invisible to the public and safe to repeat; it gives a reference, which the
caller commits to the database. `commit` makes exactly that reference public. `find` tells what became of it.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from publishing.platforms.failures import Kind as Kind
from publishing.platforms.failures import MustGoByHand as MustGoByHand
from publishing.platforms.failures import PlatformError as PlatformError
from publishing.platforms.failures import SecondStepRefused as SecondStepRefused
from publishing.platforms.failures import other_way as other_way
from publishing.platforms.health import Health as Health
from publishing.platforms.health import Quota as Quota
from publishing.platforms.health import TokenFacts as TokenFacts

Reference = dict[str, Any]
"""What `prepare` made, as JSON: `way` ("two_step", "direct" or "mcp") and ids of the platform. Opaque to callers, who
store it, hand it back, and may ask for `reference["way"]`."""


@dataclass(frozen=True)
class Credentials:
    external_id: str
    token: str = field(repr=False)
    direct: bool = False
    """Publish in one step: this account has refused the second step before."""
    app_token: str = field(default="", repr=False)
    """Of the app itself, to ask about tokens. Empty: nobody gave Sophia one."""


@dataclass(frozen=True)
class Image:
    sha256: str
    mime: str
    alt: str
    data: bytes = field(repr=False)
    url: str = ""
    """Where the platform can fetch the image, for platforms that take no upload."""


@dataclass(frozen=True)
class Content:
    """Exactly what a human approved."""

    text: str
    link: str = ""
    images: tuple[Image, ...] = ()

    @property
    def message(self) -> str:
        """The text as the public reads it. A post with images has no link card: its link stands below the text."""
        if not self.link or not self.images or self.link in self.text:
            return self.text
        return f"{self.text}\n\n{self.link}".strip()


@dataclass(frozen=True)
class Limits:
    """platforms.md A8 and B1. Sizes in bytes, lengths in characters, ratio is width divided by height."""

    text: int
    images: int
    image_bytes: int
    formats: frozenset[str]
    alt: int
    needs_image: bool = False
    link_card: bool = True
    ratio: tuple[float, float] | None = None
    ratios: tuple[tuple[float, float], ...] = ()
    """Where not empty, it lies within one of these as well."""
    hashtags: int | None = None
    mentions: int | None = None


@dataclass(frozen=True)
class Throttle:
    """The platform wants no call for this account for so long. `because` is a sentence."""

    wait: timedelta
    because: str


@dataclass(frozen=True)
class Call:
    """One request to the platform as it happened, without any secret."""

    at: datetime
    verb: str
    method: str
    path: str
    milliseconds: int
    status: int | None
    code: int | None = None
    subcode: int | None = None
    trace_id: str = ""
    usage: int | None = None
    """The highest figure of the usage headers, in percent. None: the answer had none, which is normal."""
    throttle: Throttle | None = None

    @property
    def answered_at(self) -> datetime:
        return self.at + timedelta(milliseconds=self.milliseconds)

    def as_json(self) -> dict[str, Any]:
        """The evidence: what was asked and answered. What the headers say about usage is no part of it."""
        kept = {name: value for name, value in self.__dict__.items() if name not in {"usage", "throttle"}}
        return {**kept, "at": self.at.isoformat()}


@dataclass(frozen=True)
class Sent:
    """One request of a rehearsal. Files, and ids that only the platform knows, are named in words."""

    verb: str
    method: str
    address: str
    fields: dict[str, Any]
    irreversible: bool = False


@dataclass(frozen=True)
class Receipt:
    """It is public."""

    post_id: str
    permalink: str = ""


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
    """LIVE without a receipt: certainly public, but the platform does not tell its id yet."""

    fate: Fate
    receipt: Receipt | None = None


@dataclass(frozen=True)
class Seen:
    """A public post as the platform shows it."""

    receipt: Receipt
    message: str

    def reads_like(self, content: Content) -> bool:
        """Apps and platforms change spaces and line ends on their own. Nothing else is the same text."""
        return self.message.split() == content.message.split()


class Sight(StrEnum):
    """What one look at a post showed. One look proves nothing: lists and reads may lag."""

    LIVE = "live"
    GONE = "gone"
    """It cannot be read."""
    UNCLEAR = "unclear"
    """Reading failed."""


class Platform(ABC):
    """One account on one platform. Every call made is kept in `calls`, for the attempt's and the recovery's evidence.

    Every method raises PlatformError. The kind is UNKNOWN only where something public may have happened.
    """

    name: str
    limits: Limits
    needs_scopes: frozenset[str] = frozenset()
    fetches_images: bool = False
    """It takes no upload, and reads images from their public address."""

    def __init__(self, account: Credentials, *, base_url: str, version: str):
        self.account = account
        self.base_url = base_url
        self.version = version
        self.calls: list[Call] = []
        self.seen_live_at: datetime | None = None
        """When `remove` or `is_readable` last saw the post."""
        self.deleted_at: datetime | None = None
        """When the platform said that `remove` has deleted it."""

    @classmethod
    @abstractmethod
    def calls_to_prepare(cls, images: int, direct: bool) -> int:
        """How many requests `prepare` makes when nothing goes wrong."""

    @classmethod
    @abstractmethod
    def calls_to_commit(cls, images: int, direct: bool) -> int:
        """How many requests `commit` makes when nothing goes wrong."""

    @abstractmethod
    def prepare(self, content: Content) -> Reference:
        """Upload what can be uploaded invisibly. Repeating it leaves at most invisible orphans."""

    @abstractmethod
    def commit(self, content: Content, reference: Reference) -> Receipt:
        """Make exactly `reference` public. Checks that it is not public already wherever the platform can tell."""

    def rehearse(self, content: Content) -> tuple[Sent, ...]:
        """What publishing this asks of the platform when nothing goes wrong. Calls nobody. Empty: it does not tell.
        PlatformError for content that cannot be sent at all."""
        return ()

    @abstractmethod
    def find(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        """What became of a commit begun at `since`. `taken` are post ids that belong to other publications."""

    @abstractmethod
    def recognise(self, link: str, since: datetime) -> Seen | None:
        """The account's own post that this link leads to, if it was made after `since` and the platform lists it."""

    def recent(self, since: datetime) -> list[Seen]:
        """The account's own public posts made after `since`, as far as the platform lists them."""
        raise PlatformError(Kind.REJECTED, f"Sophia cannot list what is public on {self.account.external_id} this way.")

    @abstractmethod
    def show(self, post_id: str) -> Seen | None:
        """The post as the public sees it now. None: it cannot be read while the account can, or is hidden."""

    @abstractmethod
    def discard(self, reference: Reference) -> None:
        """Remove what `prepare` made and nobody will publish. Never touches anything public."""

    @abstractmethod
    def remove(self, post_id: str) -> Sight:
        """Read, delete, and read once. LIVE or UNCLEAR only where the platform says that it has deleted it.
        MustGoByHand where it can still be read and this app may not delete it."""

    @abstractmethod
    def is_readable(self, post_id: str) -> bool:
        """One look. False is no proof, as long as nobody knows whether the account can be read."""

    @abstractmethod
    def is_gone(self, post_id: str) -> bool:
        """Read only. True when the post cannot be read while the account can."""

    def pieces(self, reference: Reference) -> tuple[str, ...]:
        """Ids of what outlives the post and must be removed after it. Here: nothing does."""
        return ()

    def remove_piece(self, piece_id: str) -> None:  # noqa: B027  only asked for what `pieces` names
        """Delete it, and read that it is gone. MustGoByHand where it can still be read after a definite refusal."""

    @classmethod
    def piece_link(cls, piece_id: str) -> str:
        """Where a person finds it."""
        return piece_id

    @abstractmethod
    def check(self) -> Health:
        """Read the account with this token."""

    def scopes(self) -> tuple[str, ...] | None:
        """What the token may do, or None where the platform does not tell."""
        return None

    def inspect(self) -> TokenFacts | None:
        """What the platform tells the app about this account's token, or None. Raises nothing: that it cannot be
        learned makes no account ill."""
        return None

    @classmethod
    def removal_steps(cls, permalink: str) -> tuple[str, ...]:
        """What a person does when the platform will not let Sophia remove a post."""
        return (
            f"Open {permalink or 'the post'} signed in as the account.",
            "Choose Delete in the post's menu and confirm.",
        )
