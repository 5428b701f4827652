"""SQLite: a consistent copy while others write, and a new file that takes the old one's name in one step."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from sophia.backup.archive import Archive, sync_folder
from sophia.backup.manifest import SQLITE
from sophia.refusals import Refused

BUSY = "Something still has the database open: stop serve on this machine, and every command. Nothing was changed."

KEPT_ASIDE = 2


@contextmanager
def dumped(dump: Path) -> Iterator[BaseDatabaseWrapper]:
    """One step of the backup API reads one moment. Writers go on meanwhile: the file is in WAL mode."""
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as source:
            with closing(sqlite3.connect(dump)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                require_sound(copy)
    except sqlite3.Error as problem:
        raise Refused(f"The database could not be copied to {dump.parent.parent}: {problem}.") from problem
    with instead(dump):
        yield connection
    settle(dump)


def require_sound(database: sqlite3.Connection) -> None:
    if (found := database.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
        raise Refused(f"The database is damaged: {found}. Restore an earlier backup.")


@contextmanager
def instead(path: Path) -> Iterator[None]:
    """The project's connection leads to this file. Only for a command, which is alone in its process."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = name


def settle(path: Path) -> None:
    """Everything into the one file: no journal beside it."""
    with closing(sqlite3.connect(path, timeout=5)) as database:
        mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if mode != "delete":
        raise Refused(BUSY)


@contextmanager
def restoring(archive: Archive) -> Iterator[None]:
    """A new file beside the old one. In the block the connection leads to it; after the block it is the database.
    Killed before that, nothing has changed."""
    live = Path(connection.settings_dict["NAME"])
    live.parent.mkdir(parents=True, exist_ok=True)
    fresh = live.with_name(f"{live.name}.restoring")
    for left in fresh.parent.glob(f"{fresh.name}*"):
        left.unlink()
    archive.extract(SQLITE, fresh)
    with instead(fresh):
        yield
    settle(fresh)
    sync(fresh)
    put_aside(live)
    os.replace(fresh, live)
    sync_folder(live.parent)


def put_aside(live: Path) -> None:
    """A second name for what was there. Its journal must be in it: the next file would be read with it."""
    if not live.exists() or not live.stat().st_size:
        return
    try:
        settle(live)
    except sqlite3.OperationalError:
        raise Refused(BUSY) from None
    except sqlite3.DatabaseError:  # It is damaged. That may be why a backup is restored.
        for journal in (live.with_name(f"{live.name}-wal"), live.with_name(f"{live.name}-shm")):
            if journal.exists():
                journal.rename(journal.with_name(f"{journal.name}.before-{timezone.now():%Y%m%dT%H%M%S}"))
    kept = live.with_name(f"{live.name}.before-{timezone.now():%Y%m%dT%H%M%S%f}")
    try:
        os.link(live, kept)
    except OSError:  # A file system without a second name for a file.
        shutil.copy2(live, kept)
    forget_oldest(live)


def aside(live: Path) -> list[Path]:
    """What earlier restores have put aside, the oldest first."""
    return sorted(live.parent.glob(f"{live.name}.before-*"))


def forget_oldest(live: Path) -> None:
    """Each is a whole database. With its journals, where it was damaged."""
    for old in aside(live)[:-KEPT_ASIDE]:
        moment = old.name.partition(".before-")[2][: len("20261130T120000")]
        for journal in live.parent.glob(f"{live.name}-*.before-{moment}*"):
            journal.unlink()
        old.unlink()


def sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
