"""What there is on the platform. Everything lives in this process, behind one lock, and is forgotten with it."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.standin.refusals import missing
from tests.standin.tempers import DEFAULTS, checked, temper

OURS, FOREIGN = "4004004004", "5005005005"
SCOPES = [
    "pages_show_list", "pages_read_engagement", "pages_read_user_content", "pages_manage_posts", "instagram_basic",
    "instagram_content_publish", "instagram_manage_contents",
]  # fmt: skip


@dataclass
class Account:
    platform: str
    id: str
    name: str
    username: str = ""
    page: str | None = None


@dataclass
class Token:
    value: str
    kind: str = "page"
    app_id: str = OURS
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    accounts: list[str] = field(default_factory=list)
    expires_at: datetime | None = None
    broken: int | None = None


@dataclass
class Photo:
    account: str
    id: str
    alt: str
    app_id: str
    made_at: datetime
    post: "Post | None" = None
    answered: bool = True
    """Whoever uploaded it was told its id."""
    deleted: bool = False


@dataclass
class Post:
    account: str
    id: str
    text: str
    app_id: str
    made_at: datetime
    link: str = ""
    pictures: int = 0
    foreign: bool = False
    published_at: datetime | None = None
    deleted_at: datetime | None = None
    times_published: int = 0
    returned: bool = False
    photos: list[Photo] = field(default_factory=list)

    @property
    def images(self) -> int:
        return len(self.photos) or self.pictures

    @property
    def appeared_at(self) -> datetime:
        return self.published_at or self.made_at

    def publish(self, at: datetime) -> None:
        self.published_at = at
        self.times_published += 1


@dataclass
class Container:
    account: str
    id: str
    kind: str
    caption: str
    app_id: str
    made_at: datetime
    alt: str = ""
    items: list[str] = field(default_factory=list)
    error: tuple[int, str] | None = None
    polls: int = 0
    lies: int = 0
    published_at: datetime | None = None


class World:
    """`seed`: every account gets a temper of the dice; None: all are plain until a knob says otherwise."""

    def __init__(self, seed: int | None = None):
        self.seed = seed
        self.lock = threading.RLock()
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, Token] = {}
        self.posts: list[Post] = []
        self.photos: list[Photo] = []
        self.containers: dict[str, Container] = {}
        self.knobs: dict[str, dict[str, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        self.spent: dict[tuple[str, str], int] = {}
        self.numbers = count(1)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.knobs.get("", {}).get("clock", 0))

    def temper(self, account: str = "") -> dict[str, Any]:
        everywhere, here = self.knobs.get("", {}), self.knobs.get(account, {})
        drawn = f"{self.seed}:{account}" if self.seed is not None and account else ""
        name = here.get("temper") or everywhere.get("temper") or drawn
        return DEFAULTS | temper(name) | everywhere | here

    def turn(self, account: str, values: dict[str, Any]) -> None:
        turned = self.knobs.setdefault(account, {})
        turned |= {name: checked(name, value) for name, value in values.items()}
        for name in values:
            self.spent.pop((account, name), None)

    def spend(self, account: str, knob: str) -> bool:
        """Whether a knob that counts has one left. Below nought it is without end."""
        total, used = self.temper(account)[knob], self.spent.get((account, knob), 0)
        if 0 <= total <= used:
            return False
        self.spent[account, knob] = used + 1
        return True

    def number(self, prefix: str) -> str:
        return f"{prefix}{10**13 + next(self.numbers)}"

    def post(self, node: str) -> Post:
        """Public or not, deleted or not."""
        for post in self.posts:
            if post.id == node:
                return post
        raise missing("get", node)

    def exists(self, post: Post) -> bool:
        back = self.temper(post.account)["comes_back_after"]
        if post.deleted_at and back and not post.returned and self.now() >= post.deleted_at + timedelta(seconds=back):
            post.deleted_at, post.returned = None, True
        return post.deleted_at is None

    def is_public(self, post: Post) -> bool:
        return self.exists(post) and post.published_at is not None and post.published_at <= self.now()

    def photo_exists(self, photo: Photo) -> bool:
        knobs = self.temper(photo.account)
        if photo.deleted:
            return False
        if photo.post is None:
            return self.now() < photo.made_at + timedelta(seconds=knobs["photo_life"])
        return self.exists(photo.post) or knobs["photos_stay"]

    def shows(self, post: Post) -> bool:
        """Whether a token may see it: what is live can be hidden from it."""
        knobs = self.temper(post.account)
        if self.hides(post):
            return False
        lag = timedelta(seconds=knobs["delete_lag"])
        return self.exists(post) or (post.deleted_at is not None and self.now() < post.deleted_at + lag)

    def hides(self, post: Post) -> bool:
        knobs = self.temper(post.account)
        return bool(knobs["hides_posts"] or post.id in knobs["hidden_posts"])

    def answer_was_lost(self, answer: Any) -> None:
        """A photo whose id nobody was told."""
        for photo in self.photos:
            if isinstance(answer, dict) and photo.id == answer.get("id"):
                photo.answered = False
