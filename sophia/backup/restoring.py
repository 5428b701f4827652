"""`manage.py restore`: judged first, then put back, then made safe to start with."""

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_eventstream.models import Event, EventCounter
from django_q.models import OrmQ

from publishing.models import Client, Publication, RestorePoint, heads
from sophia import canary, media
from sophia.backup import postgres, sqlite
from sophia.backup.archive import Archive
from sophia.health.signs import TOO_QUIET
from sophia.models import Desk, Heartbeat
from sophia.notifications.models import Delivery
from sophia.refusals import Refused

BEYOND = 1_000_000
"""Numbers of events that no open page has seen yet."""


@dataclass
class Restored:
    taken_at: datetime
    publications: int = 0
    broken: list[str] = field(default_factory=list)
    """A sentence for each publication whose seal does not fit."""
    missed: int = 0
    doubtful: int = 0
    images: int = 0
    aside: list[str] = field(default_factory=list)
    """The files of the databases that it and the restore before it have replaced."""


def restore(archive: Archive, *, replace: bool) -> Restored:
    """Refused, and nothing touched, unless everything about the archive and about this desk is as it must be."""
    manifest = archive.manifest
    manifest.require_fitting()
    require_idle()
    if not replace and not is_empty():
        raise Refused("The database is not empty. With --replace the backup takes its place.")
    archive.verify()
    restored = Restored(manifest.moment, images=put_images_back(archive))
    with putting_back(archive):
        manifest.require_counts(connection)
        call_command("migrate", verbosity=0, interactive=False)
        make_safe(restored, str(archive.tar.name))
        check_seals(restored)
    if connection.vendor == "sqlite":
        restored.aside = [str(path) for path in sqlite.aside(Path(connection.settings_dict["NAME"]))]
    return restored


def putting_back(archive: Archive) -> AbstractContextManager[None]:
    return sqlite.restoring(archive) if connection.vendor == "sqlite" else postgres.restoring(archive)


def require_idle() -> None:
    """A cluster that was stopped takes its heartbeat with it. One that was killed is silent for this long first."""
    try:
        alive = Heartbeat.objects.exclude(name="sweep").filter(seen_at__gt=timezone.now() - TOO_QUIET)
        found = alive.values_list("name", flat=True).first()
    except DatabaseError:
        return  # It cannot be read, which may be why a backup is restored. sqlite and postgres look once more.
    if found:
        within = TOO_QUIET.total_seconds()
        raise Refused(
            f"Workers run ({found}). Stop serve on every machine; what was killed is silent after {within:g} s."
        )


def is_empty() -> bool:
    """As bin/setup leaves it, or without any table."""
    try:
        tables = connection.introspection.table_names()
        return "auth_user" not in tables or not (User.objects.exists() or Client.objects.exists())
    except DatabaseError:
        return False


def put_images_back(archive: Archive) -> int:
    """They are only added, so that nothing is lost when it ends here. What is there and intact stays."""
    names = archive.images()
    for name in names:
        file = Path(name)
        path = Path(settings.MEDIA_ROOT) / "images" / file.stem[:2] / file.name
        if not path.exists() or not intact(path, file.stem):
            archive.extract(name, path)
    return len(names)


def intact(path: Path, sha256: str) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def make_safe(restored: Restored, archive: str) -> None:
    """In one transaction: the database can be started with, or it cannot."""
    with transaction.atomic():
        canary.renew()
        leave_mark()
        Desk.here().note_backup(restored.taken_at)
        heads.accept()
        forget_what_ran()
        point = RestorePoint.objects.mark(restored.taken_at, Path(archive).name)
        suspected = Publication.objects.filter(suspected_at__gte=point.restored_at)
        restored.missed = suspected.filter(state=Publication.State.MISSED).count()
        restored.doubtful = suspected.count() - restored.missed


def leave_mark() -> None:
    desk = Desk.here()
    mark = media.mark_of(desk)
    media.require_writable(mark.parent)
    mark.touch()
    desk.note_mark(timezone.now())


def forget_what_ran() -> None:
    """Alarms are set anew by the sweep. Notices that waited may have been sent. Whoever was signed in signs in again.
    Pages that are still open look again."""
    OrmQ.objects.all().delete()
    Heartbeat.objects.all().delete()
    Session.objects.all().delete()
    Delivery.objects.waiting().skip("Restored from a backup: it may have been sent.")
    Event.objects.all().delete()
    for counter in EventCounter.objects.all():
        counter.value += BEYOND
        counter.save(update_fields=["value"])


def check_seals(restored: Restored) -> None:
    rows = Publication.objects.select_related("account__client").prefetch_related("pictures__image").order_by("pk")
    for publication in rows.iterator(chunk_size=500):
        restored.publications += 1
        if damage := publication.damage():
            restored.broken.append(f"{publication}: {damage}.")
