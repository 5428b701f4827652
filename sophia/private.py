"""What Sophia writes is for the user it runs as, and for nobody else on the machine."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO
FOR_ALL = ["collectstatic"]
"""What it gathers is public, and a proxy that runs as somebody else may serve it."""


def begin() -> None:
    """From now on, for every file and folder that this process and its children make."""
    if sys.argv[1:2] != FOR_ALL:
        os.umask(OTHERS)


def shut() -> None:
    """What an earlier version left open. Where it is somebody else's, `doctor` says so."""
    for path in open_to_others():
        with suppress(OSError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)


def open_to_others() -> list[Path]:
    return [path for path in kept() if stat.S_IMODE(path.stat().st_mode) & OTHERS]


def kept() -> Iterator[Path]:
    """The files that hold the database, and the folder of the images: below it everything is behind its door."""
    database = settings.DATABASES["default"]
    names = []
    if database["ENGINE"] == "django.db.backends.sqlite3":
        names = [f"{database['NAME']}{ending}" for ending in ("", "-wal", "-shm")]
    yield from (path for path in map(Path, [*names, str(settings.MEDIA_ROOT)]) if path.exists())
