"""What is wrong with the database, in words that say what to do."""

import shutil
from errno import ENOSPC
from pathlib import Path
from time import monotonic

from django.db import DatabaseError, Error, OperationalError, connection

IS_FULL = ("disk is full", "No space left on device", "could not extend file")
IS_DAMAGED = ("malformed", "not a database", "invalid page in block")
FULL = "The disk is full: {}. Make room, then do it again. What was written before is kept."
DAMAGED = (
    "The database{} is damaged: {}. Stop serve, copy what is there, and put the last backup in its place: manage.py "
    "restore FILE --replace (docs/operating.md, “Restoring”)."
)
UNKNOWN = "The database says: {}. Is it there, and migrated (manage.py migrate)?"
NOTHING_LEFT = 1 << 20
STEPS = 10_000
"""Of the machine inside SQLite, between two looks at the clock."""


def why_not(problem: Error, otherwise: str = UNKNOWN) -> str:
    """A sentence for this problem. `otherwise` is for what has none of its own."""
    said = str(problem).strip()
    if any(words in said for words in IS_FULL) or ("disk I/O error" in said and nothing_left()):
        return FULL.format(said)
    if any(words in said for words in IS_DAMAGED):
        return damaged(said)
    return otherwise.format(said)


def damaged(found: str) -> str:
    file = f" file {connection.settings_dict['NAME']}" if connection.vendor == "sqlite" else ""
    return DAMAGED.format(file, found)


def is_full(problem: OSError) -> bool:
    return problem.errno == ENOSPC


def nothing_left() -> bool:
    """SQLite says “I/O” when it has no room for what lies beside its file."""
    folder = Path(connection.settings_dict["NAME"]).parent
    return folder.exists() and shutil.disk_usage(folder).free < NOTHING_LEFT


def damage(within: float | None = None) -> str:
    """What SQLite finds wrong with its file, or "". It looks at everything, or, quicker, for so many seconds."""
    if connection.vendor != "sqlite":
        return ""
    connection.ensure_connection()
    until = monotonic() + (within or float("inf"))
    connection.connection.set_progress_handler(lambda: monotonic() > until, STEPS)
    try:
        return asked("integrity_check" if within is None else "quick_check")
    finally:
        connection.connection.set_progress_handler(None, 0)


def asked(check: str) -> str:
    try:
        with connection.cursor() as cursor:
            found = str(cursor.execute(f"PRAGMA {check}(1)").fetchone()[0])
    except OperationalError as problem:
        if str(problem) == "interrupted":  # Its time is over, and it has found nothing.
            return ""
        raise
    except DatabaseError as problem:
        return str(problem)
    return "" if found == "ok" else " ".join(found.split())
