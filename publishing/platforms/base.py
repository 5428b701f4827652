"""What Sophia asks of a platform, in values only: no model, no state, no clock of its own.

Publishing has two steps. `prepare` is invisible to the public and safe to repeat; it gives a reference, which the
caller commits to the database. `commit` makes exactly that reference public. `find` tells what became of it.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from publishing.platforms import addresses
from publishing.platforms.absence import Absence as Absence
from publishing.platforms.absence import Sight as Sight
from publishing.platforms.failures import Kind as Kind
from publishing.platforms.failures import MustGoByHand as MustGoByHand
from publishing.platforms.failures import NotYet as NotYet
from publishing.platforms.failures import PlatformError as PlatformError
from publishing.platforms.failures import Scope as Scope
from publishing.platforms.failures import SecondStepRefused as SecondStepRefused
from publishing.platforms.failures import other_way as other_way
from publishing.platforms.health import Health as Health
from publishing.platforms.health import Quota as Quota
from publishing.platforms.health import TokenFacts as TokenFacts
from publishing.platforms.journal import Journal as Journal
from publishing.platforms.journal import Notebook as Notebook
from publishing.platforms.ownership import Candidate as Candidate
from publishing.platforms.ownership import Fate as Fate
from publishing.platforms.ownership import Finding as Finding
from publishing.platforms.ownership import Receipt as Receipt
from publishing.platforms.ownership import Seen as Seen
from publishing.platforms.ownership import candidates

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
        if not self.link or not self.images or addresses.holds(self.text, self.link):
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
    """What the platform wants nothing of for so long. `because` is a sentence."""

    wait: timedelta
    because: str
    scope: Scope = Scope.CALLS


TOLD_ON = {"usage", "app_usage", "throttles"}


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
    app_usage: int | None = None
    """Of these, what the whole app has used."""
    throttles: tuple[Throttle, ...] = ()

    @property
    def answered_at(self) -> datetime:
        return self.at + timedelta(milliseconds=self.milliseconds)

    def as_json(self) -> dict[str, Any]:
        """The evidence: what was asked and answered. What the headers say about usage is no part of it."""
        kept = {name: value for name, value in self.__dict__.items() if name not in TOLD_ON}
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
class Sought:
    """Ids of what was found. `lists`: what is invisible would be in the list, so that its absence says something.
    `alike`: ids of what is invisible and says the same, without proof that it is ours."""

    found: tuple[str, ...] = ()
    lists: bool = False
    alike: tuple[str, ...] = ()


class Platform(ABC):
    """One account on one platform. Every call made is kept in `calls`, for the attempt's and the recovery's evidence.

    Every method raises PlatformError. The kind is UNKNOWN only where something public may have happened.
    """

    name: str
    limits: Limits
    app: str = ""
    """The family of platforms that counts the calls of an app together. Empty: this one alone."""
    needs_scopes: frozenset[str] = frozenset()
    after_connecting: str = ""
    """What a person should look at once, because no answer of the platform tells it."""
    reads_late: bool = False
    """What it shows right after a commit may be of before it, and to commit once more would make a second post."""
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
    def prepare(self, content: Content, journal: Journal | None = None) -> Reference:
        """Make what can be made invisibly, each thing once: what `journal` knows is used again. NotYet while the
        platform works on it, and when the time of this run is used up."""

    @abstractmethod
    def commit(self, content: Content, reference: Reference) -> Receipt:
        """Make exactly `reference` public. Checks that it is not public already wherever the platform can tell."""

    def rehearse(self, content: Content) -> tuple[Sent, ...]:
        """What publishing this asks of the platform when nothing goes wrong. Calls nobody. Empty: it does not tell.
        PlatformError for content that cannot be sent at all."""
        return ()

    @abstractmethod
    def find(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        """What became of a commit begun at `since`. `taken` are post ids that belong to other publications. A post
        that merely reads alike is a candidate, never the receipt."""

    @abstractmethod
    def recognise(self, link: str, since: datetime) -> Seen | None:
        """The account's own post that this link leads to, if it was made after `since` and the platform lists it."""

    def recent(self, since: datetime) -> list[Candidate]:
        """The account's own public posts made after `since`, as far as the platform lists them."""
        raise PlatformError(Kind.REJECTED, f"Sophia cannot list what is public on {self.account.external_id} this way.")

    def alike(self, content: Content, since: datetime, taken: frozenset[str]) -> tuple[Candidate, ...]:
        """Public posts made after `since` that may be this one, for a person to choose from. They prove nothing."""
        return candidates(self.recent(since), content, since, taken)

    @abstractmethod
    def show(self, post_id: str) -> Seen | None:
        """The post as it is now. None: it cannot be read while the account can, which proves nothing (`prove_gone`)."""

    @classmethod
    def steps_in(cls, reference: Reference) -> dict[str, str]:
        """What a reference of before there was a journal says of the steps: the id of each, by its name."""
        return {}

    def discard(self, name: str, external_id: str, controls: Sequence[str] = ()) -> bool:
        """Remove what this step of `prepare` made and nobody will publish. True: it is gone, or will expire unseen.
        False: it is public, or may be, and was not touched. PlatformError (RETRY) where it is not proved gone;
        `controls` as for `prove_gone`. Here: nothing of it is ever seen."""
        return True

    seeks: frozenset[str] = frozenset()
    """Names of steps that leave something which people could find, where the answer that named it was lost."""

    def seek(self, content: Content, since: datetime, photos: Sequence[str], witnesses: Sequence[str]) -> Sought:
        """What such a step has left, for certain: made by this app, invisible, exactly `content`, and after `since`.
        `photos`: ids that the same preparation uploaded. `witnesses`: posts that this app has made."""
        return Sought()

    @classmethod
    def leftover_steps(cls) -> tuple[str, ...]:
        """Where a person looks for it, and what they do."""
        return ("Look at the account for a post that is prepared and not published, and delete it there.",)

    @abstractmethod
    def remove(self, post_id: str) -> Sight:
        """Read, delete, and read once. LIVE or UNCLEAR only where the platform says that it has deleted it.
        MustGoByHand where it can still be read and this app may not delete it."""

    @abstractmethod
    def is_readable(self, post_id: str) -> bool:
        """One look. False is no proof: see `prove_gone`."""

    @abstractmethod
    def prove_gone(self, post_id: str, controls: Sequence[str] = ()) -> Absence:
        """Read only. Where the post cannot be read while the account can, its lists are read too, and another post: one
        of `controls`, or one that a list shows. PlatformError (AUTH) where the account cannot."""

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
    def home(cls, external_id: str, name: str) -> str:
        """Where a person sees the account's own posts. Empty: nobody knows the address."""
        return ""

    @classmethod
    def removal_steps(cls, permalink: str) -> tuple[str, ...]:
        """What a person does when the platform will not let Sophia remove a post."""
        return (
            f"Open {permalink or 'the post'} signed in as the account.",
            "Choose Delete in the post's menu and confirm.",
        )
