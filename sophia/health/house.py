"""What must always be true of the house that publishing lives in."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_q.models import Schedule

from sophia import media
from sophia.findings import Finding
from sophia.health.figures import QUEUES, SWEEP_TOO_OLD, TOO_QUIET, seen
from sophia.schedules import RHYTHMS

SKEW = timedelta(seconds=5)
SERVE = "Start the workers: manage.py serve, or manage.py serve --workers-only on this or another machine."


def unapplied_migrations(now: datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding("migrations", f"The database lacks {len(missing)} migrations.", "Run manage.py migrate.")


def missing_rhythms(now: datetime) -> Iterator[Finding]:
    known = set(Schedule.objects.values_list("name", flat=True))
    for rhythm in RHYTHMS:
        if rhythm.name not in known:
            yield Finding(f"rhythm:{rhythm.name}", f"The rhythm “{rhythm.name}” is not scheduled.", SERVE)


def quiet_clusters(now: datetime) -> Iterator[Finding]:
    for queue in QUEUES:
        at = seen(queue)
        if at is None or now - at > TOO_QUIET:
            since = f"since {at:%Y-%m-%d %H:%M} UTC" if at else "yet"
            yield Finding(f"cluster:{queue}", f"No worker of the queue “{queue}” has finished a job {since}.", SERVE)


def late_sweep(now: datetime) -> Iterator[Finding]:
    at = seen("sweep")
    if at is None or now - at > SWEEP_TOO_OLD:
        since = f"since {at:%Y-%m-%d %H:%M} UTC" if at else "yet"
        yield Finding("sweep", f"The sweep, which comes every minute, has not come {since}.", SERVE)


def unwritable_media(now: datetime) -> Iterator[Finding]:
    folder = settings.MEDIA_ROOT
    if folder.exists() and not os.access(folder, os.W_OK):
        yield Finding("media", "The folder of the images cannot be written to.", "Mend SOPHIA_MEDIA or its rights.")
    elif problem := media.problem():
        yield Finding("media", problem, "Mount the desk's folder, or mend SOPHIA_MEDIA: docs/operating.md.")


def clock_skew(now: datetime) -> Iterator[Finding]:
    """Only a database server has a clock of its own."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    if abs(there - now) > SKEW:
        apart = abs(there - now).total_seconds()
        yield Finding("clock", f"The clocks of this machine and of the database differ by {apart:.0f} s.", "Run NTP.")


INVARIANTS = (unapplied_migrations, missing_rhythms, quiet_clusters, late_sweep, unwritable_media, clock_skew)
