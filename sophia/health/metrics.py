"""The figures of the desk as OpenMetrics text. Read from the database, so that any web process tells the same."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone
from django_q.models import OrmQ
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.openmetrics.exposition import generate_latest

from publishing.models import Attempt, Publication, Recovery, Relook
from publishing.models.states import State
from sophia.health import examination, figures
from sophia.health.figures import Figures
from sophia.health.signs import QUEUES
from sophia.notifications.models import Delivery
from sophia.version import version

HOUR = timedelta(hours=1)
OPEN = (State.QUEUED, State.PUBLISHING, State.UNCONFIRMED, State.MISSED, State.FAILED, State.HANDOFF)
"""Not what is over: that is counted for ever, and nobody is woken for it."""


class Desk:
    """What prometheus-client takes for a registry: it only collects."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        taken = figures.counted(now, examination.glance(now))
        yield from of_publications(now, taken)
        yield from of_jobs(now, taken)
        yield from of_accounts(taken)
        yield from of_notices(now)
        yield gauge("sophia_sound", "1 when /healthz answers 200: publishing works.", taken.is_sound)
        yield labelled("sophia_version", "The version that answers.", "version", {version(): 1})


def exposition() -> bytes:
    return bytes(generate_latest(Desk()))


def gauge(name: str, says: str, value: Any) -> Metric:
    return GaugeMetricFamily(name, says, value=float(value))


def labelled(name: str, says: str, label: str, values: dict[str, Any]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family


def of_publications(now: datetime, taken: Figures) -> Iterator[Metric]:
    rows = Publication.objects.filter(state__in=OPEN).order_by().values_list("state").annotate(Count("pk"))
    states = dict.fromkeys(map(str, OPEN), 0) | {str(state): count for state, count in rows}
    yield labelled("sophia_publications", "Publications that are not over, by state.", "state", states)
    due = Publication.objects.due_before(now).count()
    yield gauge("sophia_publications_due", "Queued, and their time has come. Some may be held.", due)
    yield gauge("sophia_publications_overdue", "Due for 2 minutes, and nothing holds them.", taken.overdue)
    yield gauge("sophia_publications_stuck", "Publishing, and their worker is gone.", taken.stuck)
    ended = Attempt.objects.filter(ended_at__gt=now - HOUR).order_by().values_list("outcome").annotate(Count("pk"))
    outcomes = dict.fromkeys(Attempt.Outcome.values, 0) | dict(ended)
    yield labelled("sophia_attempts_last_hour", "Attempts that ended in the last hour.", "outcome", outcomes)
    recoveries = Recovery.objects.open().count()
    yield gauge("sophia_recoveries_open", "Take-downs that are not proved gone, nor dismissed.", recoveries)
    unwanted = Recovery.objects.against_will().aggregate(count=Count("pk"), since=Min("wanted_since"))
    yield gauge("sophia_against_will", "Published posts that a person wants down.", unwanted["count"])
    longest = seconds(unwanted["since"], now)
    yield gauge("sophia_against_will_seconds", "How long the longest of them has been wanted down.", longest)


def of_jobs(now: datetime, taken: Figures) -> Iterator[Metric]:
    rows = OrmQ.objects.order_by().values_list("key").annotate(Count("pk"))
    waiting = dict.fromkeys(QUEUES, 0) | dict(rows)
    yield labelled("sophia_jobs", "Background jobs, also those for later and those under way.", "queue", waiting)
    oldest = OrmQ.objects.filter(lock__lte=now).aggregate(at=Min("lock"))["at"]
    yield gauge("sophia_oldest_job_seconds", "How long the oldest job has been due.", seconds(oldest, now))
    beats = {queue: never(age) for queue, age in taken.heartbeats.items()}
    yield labelled("sophia_heartbeat_seconds", "Since the workers of a queue finished a job.", "queue", beats)
    yield gauge("sophia_sweep_seconds", "Since the sweep came by, which it does every minute.", never(taken.sweep))


def of_accounts(taken: Figures) -> Iterator[Metric]:
    yield gauge(
        "sophia_accounts_throttled",
        "Accounts whose platform wants no posts, or no calls, now.",
        taken.throttled_accounts,
    )
    yield gauge("sophia_accounts_to_reconnect", "Accounts that must be connected again.", taken.held_accounts)
    unread = Relook.objects.waiting().count()
    yield gauge("sophia_accounts_to_read", "Accounts that wait to be read after a restored backup.", unread)
    yield gauge("sophia_pauses", "Pauses in force.", taken.pauses)


def of_notices(now: datetime) -> Iterator[Metric]:
    waiting = Delivery.objects.due(now).order_by().aggregate(count=Count("pk"), oldest=Min("due_at"))
    yield gauge("sophia_notices_waiting", "Notices that are due to a channel.", waiting["count"])
    oldest = seconds(waiting["oldest"], now)
    yield gauge("sophia_oldest_notice_seconds", "How long the oldest of them has been due.", oldest)


def seconds(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0


def never(age: float | None) -> float:
    return float("inf") if age is None else age
