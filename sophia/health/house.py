"""What must always be true of the house that publishing lives in."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from socket import gethostname

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import module_has_submodule
from django_q.models import Schedule

from sophia import database, media, private
from sophia.demo import traces
from sophia.findings import Finding
from sophia.health.signs import QUEUES, SKEW, SWEEP_TOO_OLD, TOO_QUIET, seen, since
from sophia.models import Desk
from sophia.notifications.models import Subscription
from sophia.schedules import RHYTHMS

BACKUP_TOO_OLD = timedelta(hours=36)
APART = {"sudo", "runuser", "setpriv", "systemd-run", "docker", "podman"}
"""Programs that run another one as somebody else, or elsewhere."""
CLOCK = "The clock was put back, or two machines differ: run NTP on each, and start manage.py serve again."
SERVE = "Start the workers: manage.py serve, or manage.py serve --workers-only on this or another machine."


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """By the names of their files: to load them all would cost each process 4 MB."""
    return frozenset((app.label, name) for app in apps.get_app_configs() for name in migrations_of(app))


def migrations_of(app: AppConfig) -> list[str]:
    path, _ = MigrationLoader.migrations_module(app.label)
    if not path or not module_has_submodule(app.module, path.rpartition(".")[2]):
        return []
    return [file.name for file in iter_modules(import_module(path).__path__) if file.name[0] not in "_~"]


def unapplied_migrations(now: datetime) -> Iterator[Finding]:
    if missing := known_migrations() - set(MigrationRecorder(connection).applied_migrations()):
        yield Finding("migrations", f"The database lacks {len(missing)} migrations.", "Run manage.py migrate.")


def missing_rhythms(now: datetime) -> Iterator[Finding]:
    known = set(Schedule.objects.values_list("name", flat=True))
    for rhythm in RHYTHMS:
        if rhythm.name not in known:
            yield Finding(f"rhythm:{rhythm.name}", f"The rhythm “{rhythm.name}” is not scheduled.", SERVE)


def quiet_clusters(now: datetime) -> Iterator[Finding]:
    for queue in QUEUES:
        key, word, at = f"cluster:{queue}", f"workers of {queue}", seen(queue)
        if at is None or now - at > TOO_QUIET:
            said = f"No worker of the queue “{queue}” has finished a job {since(at)}."
            yield Finding(key, said, SERVE, word=word)
        elif at - now > SKEW:
            yield Finding(key, f"The workers of the queue “{queue}” were last seen in the future.", CLOCK, word=word)


def late_sweep(now: datetime) -> Iterator[Finding]:
    at = seen("sweep")
    if at is None or now - at > SWEEP_TOO_OLD:
        yield Finding("sweep", f"The sweep, which comes every minute, has not come {since(at)}.", SERVE)
    elif at - now > SKEW:
        yield Finding("sweep", "The sweep, which comes every minute, last came in the future.", CLOCK)


def unwritable_media(now: datetime) -> Iterator[Finding]:
    folder = settings.MEDIA_ROOT
    if folder.exists() and not os.access(folder, os.W_OK):
        yield Finding("media", "The folder of the images cannot be written to.", "Correct SOPHIA_MEDIA or its rights.")
    elif problem := media.problem():
        yield Finding("media", problem, "Mount the desk's folder, or correct SOPHIA_MEDIA: docs/operating.md.")


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


def low_disk(now: datetime) -> Iterator[Finding]:
    """Of each disk once. A folder that is not there yet will be on the disk of its parent."""
    disks = {nearest.stat().st_dev: nearest for nearest in map(existing, reversed(folders()))}
    for folder in disks.values():
        if (free := media.room(folder)) < settings.SOPHIA_DISK_LOW:
            host = gethostname()
            said = f"The disk of {folder} on {host} has {free} MB left. When it is full nothing is published."
            yield Finding(f"disk:{host}:{folder}", said, "Make room: old backups, logs. Or a larger disk.")


def is_elsewhere(key: str) -> bool:
    """About the disk of another machine: only that one sees when there is room again."""
    kind, _, where = key.partition(":")
    return kind == "disk" and not where.startswith(("/", f"{gethostname()}:"))


def folders() -> list[Path]:
    """Where Sophia writes on this machine."""
    file = [Path(connection.settings_dict["NAME"]).parent] if connection.vendor == "sqlite" else []
    return [*file, Path(settings.MEDIA_ROOT)]


def existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def damaged_file(now: datetime, *, deep: bool = False) -> Iterator[Finding]:
    """Only on asking deep: it reads the whole file."""
    if deep and (found := database.damage()):
        yield Finding("damage", database.damaged(found), "What cannot be read cannot be published.")


def nobody_told(now: datetime) -> Iterator[Finding]:
    if is_in_use() and not Subscription.objects.hearing_what_is_urgent().exists():
        yield Finding(
            "unheard",
            "Urgent notices reach only people who look at the pages: no subscription sends them anywhere.",
            "Make a subscription, and send a test.",
            "/notices/subscriptions/",
            ill=False,
        )


def old_backup(now: datetime) -> Iterator[Finding]:
    at = Desk.here().backed_up_at
    if is_in_use() and (at is None or now - at > BACKUP_TOO_OLD):
        last = f"The last backup is of {at:%Y-%m-%d %H:%M} UTC." if at else "There is no backup yet."
        yield Finding("backup", last, "Turn on the timer of docs/operating.md, or run manage.py backup.", ill=False)


def open_to_others(now: datetime) -> Iterator[Finding]:
    for path in private.open_to_others():
        said = f"Other users of this machine can read {path}."
        yield Finding(f"open:{path}", said, f"Run chmod go= {path}, as its owner.", ill=False)


def servers_beside(now: datetime) -> Iterator[Finding]:
    for platform, command in settings.SOPHIA_MCP.items():
        if command and Path(command[0]).name not in APART:
            said = f"The MCP server of {platform} runs as Sophia's own user: it can read the database and .env."
            yield Finding(f"mcp:{platform}", said, "Give it a user of its own: docs/mcp.md.", ill=False)


def left_of_a_demo(now: datetime) -> Iterator[Finding]:
    """It reads every token, and compares passwords. `serve` does not start with any (sophia/fitness.py)."""
    if found := "" if settings.DEBUG else traces.sentence():
        yield Finding("demo", found, traces.TO_DO)


def is_in_use() -> bool:
    """Neither while developing nor as a demo."""
    return not (settings.DEBUG or settings.SOPHIA_SANDBOX)


INVARIANTS = (
    unapplied_migrations,
    missing_rhythms,
    quiet_clusters,
    late_sweep,
    unwritable_media,
    clock_skew,
    low_disk,
    damaged_file,
    nobody_told,
    old_backup,
    open_to_others,
    servers_beside,
    left_of_a_demo,
)
