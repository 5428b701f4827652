"""`manage.py backup`: everything of one moment, while Sophia runs."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from publishing.models import Image
from sophia import media
from sophia.backup import archive, postgres, sqlite
from sophia.backup.manifest import PARTS, Manifest
from sophia.models import Desk
from sophia.refusals import Refused
from sophia.version import version


@dataclass(frozen=True)
class Made:
    path: Path
    manifest: Manifest

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def make(target: Path) -> Made:
    """Into the file, or into the folder under a name of its own."""
    now = timezone.now()
    path = target / f"sophia-{now:%Y-%m-%dT%H%M%SZ}.tar" if target.is_dir() else target
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}. Make it first, readable by nobody else.")
    archive.require_free(path)
    if because := media.problem():
        raise Refused(f"{because} Without its images a backup would be half of one.")
    with TemporaryDirectory(prefix=".sophia-", dir=path.parent) as folder:
        dump = Path(folder) / PARTS[connection.vendor]
        with dumped(dump) as database:
            manifest = Manifest.of(database, now, version())
            images = listed(database)
        with archive.writing(path, manifest) as writer:
            writer.add(dump.name, dump)
            add_images(writer, images)
    Desk.here().note_backup(now)
    return Made(path, manifest)


@contextmanager
def dumped(dump: Path) -> Iterator[BaseDatabaseWrapper]:
    """The database as the dump has it, to be read."""
    way = sqlite.dumped if connection.vendor == "sqlite" else postgres.dumped
    with way(dump) as database:
        yield database


def listed(database: BaseDatabaseWrapper) -> list[Image]:
    with closing(database.cursor()) as cursor:
        cursor.execute("SELECT sha256, mime FROM publishing_image ORDER BY sha256")
        return [Image(sha256=sha256, mime=mime) for sha256, mime in cursor.fetchall()]


def add_images(writer: archive.Writer, images: list[Image]) -> None:
    """After the database: images are only ever added. One that is gone is named and keeps nobody; one
    that is damaged shows when every seal is asked after restoring."""
    for image in images:
        name = f"images/{image.path.name}"
        try:
            writer.add(name, image.path)
        except FileNotFoundError:
            writer.manifest.images_missing.append(image.sha256)
