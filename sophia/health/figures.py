"""A few numbers that tell how publishing goes. Each costs a query or two, however long the history is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.db import Error
from django.utils import timezone
from django_q.models import OrmQ

from publishing.models import Pause, Publication, SocialAccount
from publishing.models.states import State
from sophia.findings import Finding
from sophia.health import examination
from sophia.health.signs import QUEUES, age, seen


@dataclass
class Verdict:
    """For anybody. `problems`: why the desk is ill, as short words."""

    problems: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, object]:
        return {"status": "sound" if self.is_sound else "ill", **asdict(self)}


@dataclass
class Figures(Verdict):
    """For people of the desk. Ages in seconds; None: never."""

    database: str = "up"
    broker: str = "up"
    heartbeats: dict[str, float | None] = field(default_factory=dict)
    sweep: float | None = None
    jobs_waiting: int = 0
    overdue: int = 0
    stuck: int = 0
    unconfirmed: int = 0
    missed: int = 0
    held_accounts: int = 0
    throttled_accounts: int = 0
    pauses: int = 0


KEPT = 5.0
"""Seconds for which strangers get the same verdict from one process, however often they ask."""


class Latest:
    """The verdict that this process gave last, and until when it gives it again on the steady clock."""

    verdict: Verdict | None = None
    until = 0.0

    def ask(self) -> Verdict:
        if self.verdict is None or monotonic() >= self.until:
            self.verdict, self.until = verdict(), monotonic() + KEPT
        return self.verdict


latest = Latest()


def verdict() -> Verdict:
    """Never raises: a database that does not answer is the verdict."""
    try:
        return Verdict(words(examination.glance(timezone.now())))
    except Error:
        return Verdict(["database"])


def take() -> Figures:
    """Never raises, as the verdict."""
    now = timezone.now()
    try:
        return counted(now, examination.glance(now))
    except Error:
        return Figures(database="down", broker="down", problems=["database"])


def counted(now: datetime, found: Sequence[Finding]) -> Figures:
    """Beside what was found at this time: what is overdue or stuck is counted there, and nowhere else."""
    kinds = Counter(finding.kind for finding in found)
    return Figures(
        problems=words(found),
        heartbeats={queue: age(seen(queue), now) for queue in QUEUES},
        sweep=age(seen("sweep"), now),
        jobs_waiting=OrmQ.objects.filter(lock__lt=now - timedelta(minutes=1)).count(),
        overdue=kinds["overdue"],
        stuck=kinds["stuck"],
        unconfirmed=Publication.objects.filter(state=State.UNCONFIRMED).count(),
        missed=Publication.objects.filter(state=State.MISSED).count(),
        held_accounts=SocialAccount.objects.needing_reconnect().count(),
        throttled_accounts=SocialAccount.objects.posts_held(now).count(),
        pauses=Pause.objects.in_force().count(),
    )


def words(found: Sequence[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.problem for finding in found if finding.ill))
