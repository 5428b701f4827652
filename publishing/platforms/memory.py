"""A platform that lives in this process, for tests, as Django keeps sent mail in `mail.outbox`.

    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)

makes the next commit do its work and then lose the answer. `clear()` forgets everything.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from publishing.platforms.base import (
    Absence,
    Call,
    Candidate,
    Content,
    Fate,
    Finding,
    Health,
    Journal,
    Kind,
    MustGoByHand,
    Notebook,
    NotYet,
    Platform,
    PlatformError,
    Receipt,
    Reference,
    SecondStepRefused,
    Seen,
    Sent,
    Sight,
    Sought,
    TokenFacts,
)
from publishing.platforms.errors import throttle_in
from publishing.platforms.facebook import Facebook
from publishing.platforms.journal import make
from publishing.platforms.ownership import candidates

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

    @property
    def listed(self) -> Candidate:
        return Candidate(self.receipt, self.message, self.at, images=len(self.content.images))


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
hidden: set[str] = set()
"""Ids of posts that are live, and that reading does not show to this token."""
undeleted: set[str] = set()
"""Ids of posts of which it says that they are deleted, and does not delete them."""
outages: dict[str, PlatformError] = {}
"""Verbs that raise this every time, until it is taken out again."""
without_controls: set[str] = set()
"""External ids of accounts that have no post but those of the test. Others have one more."""
lag: dict[str, int] = {}
"""How often reading still shows a post after it was removed, by its id."""
processing: list[None] = []
"""As many entries as times that it answers “still processing”."""
shown: dict[str, Any] = {}
"""What it says about itself: `usage` and `app_usage` in percent on every call, `quota` (a Quota) in every check,
`token` (TokenFacts) to who inspects it. `nameless`: it never tells the id of a post whose answer was lost, as
Instagram."""
numbers = count(1)


def clear() -> None:
    outbox.clear()
    prepared.clear()
    faults.clear()
    for each in (by_hand, hidden, undeleted, outages, without_controls):
        each.clear()
    lag.clear()
    shown.clear()
    processing.clear()


def fail_next(verb: str, error: PlatformError, *, after: bool = False) -> None:
    """The next `verb` (prepare, commit, find, show, discard, remove, is_readable, prove_gone, check) raises, before
    or after its work. Faults for one verb queue up, one per call.
    """
    faults.append(Fault(verb, error, after))


class Memory(Platform):
    name = app = "memory"
    seeks = frozenset({"post"})
    limits = Facebook.limits
    after_connecting = Facebook.after_connecting

    @classmethod
    def calls_to_prepare(cls, images: int, direct: bool) -> int:
        return 1

    @classmethod
    def calls_to_commit(cls, images: int, direct: bool) -> int:
        return 1

    def rehearse(self, content: Content) -> tuple[Sent, ...]:
        fields = {"message": content.message, "images": len(content.images)}
        return Sent("prepare", "POST", "memory:", fields), Sent("commit", "POST", "memory:", {}, irreversible=True)

    def prepare(self, content: Content, journal: Journal | None = None) -> Reference:
        journal = journal or Notebook()
        key = make(journal, "post", lambda: self._create(content))
        if not journal.is_ready("post"):
            self._process()
            journal.ready("post")
        return {"way": "direct" if self.account.direct else "two_step", "key": key}

    def _create(self, content: Content) -> str:
        with self._called("prepare"):
            key = f"prepared-{next(numbers)}"
            prepared[key] = content
            return key

    def _process(self) -> None:
        if processing:
            processing.pop()
            raise NotYet("Memory is still processing the post.")

    def commit(self, content: Content, reference: Reference) -> Receipt:
        with self._called("commit") as fault:
            if fault and isinstance(fault.error, SecondStepRefused):
                prepared.pop(reference["key"], None)
                raise fault.error
            if reference["way"] == "two_step" and (posted := self._posted_from(reference)):
                return Receipt("") if shown.get("nameless") else posted.receipt
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
            posted = self._posted_from(reference)
            if posted and shown.get("nameless"):
                return Finding(Fate.LIVE, candidates=self._find_alike(content, since, taken).candidates)
            if posted and posted.post_id in hidden:
                return Finding(Fate.UNSURE)
            if posted:
                return Finding(Fate.LIVE, posted.receipt)
            return Finding(Fate.NOT_LIVE if reference["key"] in prepared else Fate.ABSENT)

    def _find_alike(self, content: Content, since: datetime, taken: frozenset[str]) -> Finding:
        return Finding(Fate.UNSURE, candidates=candidates(self._listed(), content, since, taken))

    def _listed(self) -> list[Candidate]:
        return [posted.listed for posted in self._live()]

    def _live(self) -> list[Posted]:
        return [posted for posted in outbox if posted.live and posted.account == self.account.external_id]

    def _visible(self) -> list[Posted]:
        """What reading shows to this token."""
        return [posted for posted in self._live() if posted.post_id not in hidden]

    def recognise(self, link: str, since: datetime) -> Seen | None:
        with self._called("recognise"):
            found = (posted for posted in self._live() if posted.receipt.permalink == link)
            return next((Seen(posted.receipt, posted.message) for posted in found), None)

    def recent(self, since: datetime) -> list[Candidate]:
        with self._called("recent"):
            return [post for post in self._listed() if post.made_at >= since - SKEW]

    def show(self, post_id: str) -> Seen | None:
        with self._called("show"):
            found = (posted for posted in self._visible() if posted.post_id == post_id)
            return next((Seen(posted.receipt, posted.message) for posted in found), None)

    @classmethod
    def home(cls, external_id: str, name: str) -> str:
        return f"https://memory.example/of/{external_id}"

    @classmethod
    def steps_in(cls, reference: Reference) -> dict[str, str]:
        return {"post": reference["key"]} if "key" in reference else {}

    def discard(self, name: str, external_id: str, controls: Sequence[str] = ()) -> bool:
        with self._called("discard"):
            prepared.pop(external_id, None)
            return not any(posted.live and posted.reference.get("key") == external_id for posted in outbox)

    def seek(self, content: Content, since: datetime, photos: Sequence[str], witnesses: Sequence[str]) -> Sought:
        with self._called("seek"):
            same = (key for key, waiting in prepared.items() if waiting.message == content.message)
            return Sought(tuple(same), lists=True)

    def remove(self, post_id: str) -> Sight:
        with self._called("remove"):
            if self._is_shown(post_id) and post_id in by_hand:
                raise MustGoByHand(Kind.REJECTED, "Memory does not let Sophia delete the post.")
            for posted in self._live():
                posted.live = posted.post_id != post_id or post_id in undeleted
            self.deleted_at = timezone.now()
            return Sight.LIVE if self._is_shown(post_id) else Sight.GONE

    def is_readable(self, post_id: str) -> bool:
        with self._called("is_readable"):
            return self._is_shown(post_id)

    def prove_gone(self, post_id: str, controls: Sequence[str] = ()) -> Absence:
        with self._called("prove_gone"):
            if self._is_shown(post_id):
                return Absence(Sight.LIVE)
            others = [posted.post_id for posted in self._visible()]
            preferred = [each for each in controls if each in others] or others
            spare = "" if self.account.external_id in without_controls else "control"
            return Absence(Sight.GONE, next(iter(preferred), spare), alone=not [*controls, *others])

    def _is_shown(self, post_id: str) -> bool:
        live = any(posted.post_id == post_id for posted in self._visible())
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
        if verb in outages:
            raise outages[verb]
        if fault and not fault.after and not isinstance(fault.error, SecondStepRefused):
            raise fault.error
        yield fault
        if fault and fault.after:
            raise fault.error

    def _call(self, verb: str, fault: Fault | None) -> Call:
        status = None if fault else 200
        told = throttle_in(fault.error) if fault and isinstance(fault.error, PlatformError) else None
        facts: dict[str, Any] = {name: shown.get(name) for name in ("usage", "app_usage")}
        return Call(timezone.now(), verb, "MEMORY", verb, 0, status, throttles=(told,) if told else (), **facts)
