"""A platform in a page of code, as docs/adding-a-platform.md tells: notes in a letter box, one per post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.utils import timezone

from publishing.platforms.base import (
    Absence,
    Call,
    Content,
    Fate,
    Finding,
    Health,
    Journal,
    Kind,
    Limits,
    Notebook,
    Platform,
    PlatformError,
    Receipt,
    Reference,
    Seen,
    Sight,
)
from publishing.platforms.journal import make


@dataclass
class Note:
    account: str
    message: str
    public: bool = False


BOX: dict[str, Note] = {}
NUMBERS = count(1)


class Letterbox(Platform):
    name = "letterbox"
    limits = Limits(text=200, images=0, image_bytes=0, formats=frozenset(), alt=0)

    @classmethod
    def calls_to_prepare(cls, images: int, direct: bool) -> int:
        return 1

    @classmethod
    def calls_to_commit(cls, images: int, direct: bool) -> int:
        return 1

    def prepare(self, content: Content, journal: Journal | None = None) -> Reference:
        return {"way": "two_step", "key": make(journal or Notebook(), "note", lambda: self.write(content))}

    def write(self, content: Content) -> str:
        self.note("prepare")
        key = f"note-{next(NUMBERS)}"
        BOX[key] = Note(self.account.external_id, content.message)
        return key

    def commit(self, content: Content, reference: Reference) -> Receipt:
        self.note("commit")
        if reference["key"] not in BOX:
            raise PlatformError(Kind.RETRY, "What was prepared is gone.", start_over=True)
        BOX[reference["key"]].public = True
        return self.receipt(reference["key"])

    def find(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        self.note("find")
        found = BOX.get(reference["key"])
        if found is None:
            return Finding(Fate.ABSENT)
        return Finding(Fate.LIVE, self.receipt(reference["key"])) if found.public else Finding(Fate.NOT_LIVE)

    def recognise(self, link: str, since: datetime) -> Seen | None:
        return self.show(link.rpartition("/")[2])

    def show(self, post_id: str) -> Seen | None:
        return Seen(self.receipt(post_id), BOX[post_id].message) if self.is_readable(post_id) else None

    def discard(self, name: str, external_id: str) -> bool:
        self.note("discard")
        if external_id in BOX and BOX[external_id].public:
            return False
        BOX.pop(external_id, None)
        return True

    def remove(self, post_id: str) -> Sight:
        if self.is_readable(post_id):
            self.seen_live_at = timezone.now()
        self.note("remove")
        BOX.pop(post_id, None)
        self.deleted_at = timezone.now()
        return Sight.LIVE if self.is_readable(post_id) else Sight.GONE

    def is_readable(self, post_id: str) -> bool:
        self.note("is_readable")
        return post_id in BOX and BOX[post_id].public

    def prove_gone(self, post_id: str, controls: Sequence[str] = ()) -> Absence:
        if self.is_readable(post_id):
            return Absence(Sight.LIVE)
        return Absence(Sight.GONE, next((each for each in BOX if self.is_readable(each)), ""))

    def check(self) -> Health:
        self.note("check")
        return Health(f"Letter box {self.account.external_id}")

    def receipt(self, post_id: str) -> Receipt:
        return Receipt(post_id, f"https://letterbox.example/{post_id}")

    def note(self, verb: str) -> None:
        """Every request is kept: the budget counts them, and the evidence shows them."""
        self.calls.append(Call(timezone.now(), verb, "BOX", verb, 0, 200))
