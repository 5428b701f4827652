"""A platform that lives in this process, for tests, as Django keeps sent mail in `mail.outbox`.

    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)

makes the next commit do its work and then lose the answer. `clear()` forgets everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from publishing.platforms.base import (
    Call,
    Content,
    Fate,
    Finding,
    Health,
    Kind,
    MustGoByHand,
    Platform,
    PlatformError,
    Receipt,
    Reference,
    SecondStepRefused,
    Seen,
    Sent,
    Sight,
    TokenFacts,
)
from publishing.platforms.errors import throttle_in
from publishing.platforms.facebook import Facebook

SKEW = timedelta(minutes=5)


@dataclass
class Posted:
    post_id: str
    account: str
    content: Content
    reference: Reference
    at: datetime
    live: bool = True
    link: str = ""
    edited: str | None = None
    """What a person wrote over its text since."""

    @property
    def message(self) -> str:
        return self.content.message if self.edited is None else self.edited

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.post_id, self.link or f"https://memory.example/{self.post_id}")


@dataclass
class Fault:
    verb: str
    error: PlatformError
    after: bool


outbox: list[Posted] = []
"""Everything that ever became public, oldest first. `live` turns False when it is removed."""
prepared: dict[str, Content] = {}
"""What is invisible and waits for its second step."""
faults: list[Fault] = []
by_hand: set[str] = set()
"""Ids of posts that only a person can remove."""
lag: dict[str, int] = {}
"""How often reading still shows a post after it was removed, by its id."""
shown: dict[str, Any] = {}
"""What it says about itself: `usage` in percent on every call, `quota` (a Quota) in every check, `token` (TokenFacts)
to who inspects it."""
numbers = count(1)


def clear() -> None:
    outbox.clear()
    prepared.clear()
    faults.clear()
    by_hand.clear()
    lag.clear()
    shown.clear()


def fail_next(verb: str, error: PlatformError, *, after: bool = False) -> None:
    """The next `verb` (prepare, commit, find, show, discard, remove, is_readable, is_gone, check) raises, before
    or after its work. Faults for one verb queue up, one per call.
    """
    faults.append(Fault(verb, error, after))


class Memory(Platform):
    name = "memory"
    limits = Facebook.limits

    @classmethod
    def calls_to_prepare(cls, images: int, direct: bool) -> int:
        return 1

    @classmethod
    def calls_to_commit(cls, images: int, direct: bool) -> int:
        return 1

    def rehearse(self, content: Content) -> tuple[Sent, ...]:
        fields = {"message": content.message, "images": len(content.images)}
        return Sent("prepare", "POST", "memory:", fields), Sent("commit", "POST", "memory:", {}, irreversible=True)

    def prepare(self, content: Content) -> Reference:
        with self._called("prepare"):
            way = "direct" if self.account.direct else "two_step"
            key = f"prepared-{next(numbers)}"
            prepared[key] = content
            return {"way": way, "key": key}

    def commit(self, content: Content, reference: Reference) -> Receipt:
        with self._called("commit") as fault:
            if fault and isinstance(fault.error, SecondStepRefused):
                prepared.pop(reference["key"], None)
                raise fault.error
            if reference["way"] == "two_step" and (posted := self._posted_from(reference)):
                return posted.receipt
            return self._post(content, reference)

    def _post(self, content: Content, reference: Reference) -> Receipt:
        if reference["key"] not in prepared and reference["way"] == "two_step":
            raise PlatformError(Kind.RETRY, "What was prepared is gone.", start_over=True)
        prepared.pop(reference["key"], None)
        post_id = f"{self.account.external_id}_{next(numbers)}"
        outbox.append(Posted(post_id, self.account.external_id, content, reference, timezone.now()))
        return outbox[-1].receipt

    def _posted_from(self, reference: Reference) -> Posted | None:
        return next((posted for posted in outbox if posted.live and posted.reference == reference), None)

    def find(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        with self._called("find"):
            if reference["way"] == "direct":
                return self._find_alike(content, since, taken)
            if posted := self._posted_from(reference):
                return Finding(Fate.LIVE, posted.receipt)
            return Finding(Fate.NOT_LIVE if reference["key"] in prepared else Fate.ABSENT)

    def _find_alike(self, content: Content, since: datetime, taken: frozenset[str]) -> Finding:
        for posted in self._live():
            alike = posted.content.message == content.message
            if alike and posted.at >= since - SKEW and posted.post_id not in taken:
                return Finding(Fate.LIVE, posted.receipt)
        return Finding(Fate.UNSURE)

    def _live(self) -> list[Posted]:
        return [posted for posted in outbox if posted.live and posted.account == self.account.external_id]

    def recognise(self, link: str, since: datetime) -> Seen | None:
        with self._called("recognise"):
            found = (posted for posted in self._live() if posted.receipt.permalink == link)
            return next((Seen(posted.receipt, posted.message) for posted in found), None)

    def recent(self, since: datetime) -> list[Seen]:
        with self._called("recent"):
            return [Seen(posted.receipt, posted.message) for posted in self._live() if posted.at >= since - SKEW]

    def show(self, post_id: str) -> Seen | None:
        with self._called("show"):
            found = (posted for posted in self._live() if posted.post_id == post_id)
            return next((Seen(posted.receipt, posted.message) for posted in found), None)

    def discard(self, reference: Reference) -> None:
        with self._called("discard"):
            prepared.pop(reference["key"], None)

    def remove(self, post_id: str) -> Sight:
        with self._called("remove"):
            if self._is_shown(post_id) and post_id in by_hand:
                raise MustGoByHand(Kind.REJECTED, "Memory does not let Sophia delete the post.")
            for posted in self._live():
                posted.live = posted.live and posted.post_id != post_id
            self.deleted_at = timezone.now()
            return Sight.LIVE if self._is_shown(post_id) else Sight.GONE

    def is_readable(self, post_id: str) -> bool:
        with self._called("is_readable"):
            return self._is_shown(post_id)

    def is_gone(self, post_id: str) -> bool:
        with self._called("is_gone"):
            return not self._is_shown(post_id)

    def _is_shown(self, post_id: str) -> bool:
        live = any(posted.post_id == post_id for posted in self._live())
        if not live and lag.get(post_id, 0):
            lag[post_id] -= 1
            live = True
        if live:
            self.seen_live_at = timezone.now()
        return live

    def check(self) -> Health:
        with self._called("check"):
            return Health(f"Memory {self.account.external_id}", quota=shown.get("quota"))

    def inspect(self) -> TokenFacts | None:
        return shown.get("token")

    @contextmanager
    def _called(self, verb: str) -> Iterator[Fault | None]:
        """Records one call, and raises the fault that waits for it, if any, on the side it was asked for."""
        fault = next((fault for fault in faults if fault.verb == verb), None)
        self.calls.append(self._call(verb, fault))
        if fault:
            faults.remove(fault)
        if fault and not fault.after and not isinstance(fault.error, SecondStepRefused):
            raise fault.error
        yield fault
        if fault and fault.after:
            raise fault.error

    def _call(self, verb: str, fault: Fault | None) -> Call:
        status = None if fault else 200
        throttle = throttle_in(fault.error) if fault and isinstance(fault.error, PlatformError) else None
        return Call(timezone.now(), verb, "MEMORY", verb, 0, status, usage=shown.get("usage"), throttle=throttle)
