"""When the workers and the sweep were last seen."""

from datetime import datetime, timedelta

from django.conf import settings

from sophia.alarms import QUEUES as QUEUES
from sophia.models import Heartbeat

TOO_QUIET: timedelta = 2 * settings.SOPHIA_FROZEN_AFTER
"""A cluster that is alive is asked to prove it several times within this."""
SWEEP_TOO_OLD = timedelta(minutes=5)
"""It comes every minute; django-q2 looks at its schedules every 30 seconds."""
SKEW = timedelta(seconds=5)
"""Two clocks, or one that was put back, may differ by this."""


def seen(name: str) -> datetime | None:
    """When the sweep last came, or the liveliest cluster of this queue last finished a job."""
    rows = (
        Heartbeat.objects.filter(name=name) if name == "sweep" else Heartbeat.objects.filter(name__endswith=f" {name}")
    )
    return rows.order_by("-seen_at").values_list("seen_at", flat=True).first()


def age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else round((now - at).total_seconds(), 1)


def since(at: datetime | None) -> str:
    return f"since {at:%Y-%m-%d %H:%M} UTC" if at else "yet"
