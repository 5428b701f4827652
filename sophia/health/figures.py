"""A few numbers that tell whether publishing works. Each costs a query or two, however long the history is."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.utils import timezone
from django_q.models import OrmQ

from publishing import invariants
from publishing.models import Pause, Publication, SocialAccount
from publishing.models.states import State
from sophia.alarms import CHORES, NOTICES, PUBLISH
from sophia.models import Heartbeat

QUEUES = (CHORES, PUBLISH, NOTICES)
TOO_QUIET: timedelta = 2 * settings.SOPHIA_FROZEN_AFTER
"""A cluster that is alive is asked to prove it several times within this."""
SWEEP_TOO_OLD = timedelta(minutes=5)
"""It comes every minute; django-q2 looks at its schedules every 30 seconds."""
TOO_LATE = timedelta(minutes=5)
"""What is due, free to go and still waiting after this means that publishing does not work."""


@dataclass
class Figures:
    """Ages in seconds; None: never. `problems`: why it is not sound, as short words."""

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
    problems: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, object]:
        return {"status": "sound" if self.is_sound else "ill", **asdict(self)}


def seen(name: str) -> datetime | None:
    """When the sweep last came, or the liveliest cluster of this queue last finished a job."""
    rows = (
        Heartbeat.objects.filter(name=name) if name == "sweep" else Heartbeat.objects.filter(name__endswith=f" {name}")
    )
    return rows.order_by("-seen_at").values_list("seen_at", flat=True).first()


def age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else round((now - at).total_seconds(), 1)


def take() -> Figures:
    """Never raises: a database that does not answer is the figure."""
    try:
        return counted(timezone.now())
    except Error:
        return Figures(database="down", broker="down", problems=["database"])


def counted(now: datetime) -> Figures:
    figures = Figures(
        heartbeats={queue: age(seen(queue), now) for queue in QUEUES},
        sweep=age(seen("sweep"), now),
        jobs_waiting=OrmQ.objects.filter(lock__lt=now - timedelta(minutes=1)).count(),
        overdue=len(invariants.idle_since(now - TOO_LATE, now)),
        stuck=Publication.objects.abandoned(now - invariants.GRACE).count(),
        unconfirmed=Publication.objects.filter(state=State.UNCONFIRMED).count(),
        missed=Publication.objects.filter(state=State.MISSED).count(),
        held_accounts=SocialAccount.objects.needing_reconnect().count(),
        throttled_accounts=SocialAccount.objects.filter(throttled_until__gt=now).count(),
        pauses=Pause.objects.in_force().count(),
    )
    quiet = [queue for queue, seconds in figures.heartbeats.items() if too_old(seconds, TOO_QUIET)]
    figures.problems = [f"workers of {queue}" for queue in quiet]
    figures.problems += ["sweep"] if too_old(figures.sweep, SWEEP_TOO_OLD) else []
    figures.problems += [name for name in ("overdue", "stuck") if getattr(figures, name)]
    return figures


def too_old(seconds: float | None, limit: timedelta) -> bool:
    return seconds is None or seconds > limit.total_seconds()
