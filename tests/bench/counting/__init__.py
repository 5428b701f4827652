"""Counts the SQL statements of every process of a desk, on any database. COMMIT is not a statement to Django."""

import os
import struct
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import current_process
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

FOLDER = "SOPHIA_BENCH_COUNTS"
ROW = struct.Struct("q")


class Counting(AppConfig):
    name = "tests.bench.counting"

    def ready(self) -> None:
        if os.environ.get(FOLDER):
            connection_created.connect(count)


def count(connection: Any, **_: Any) -> None:
    if counted not in connection.execute_wrappers:
        connection.execute_wrappers.append(counted)


def counted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    tally.add()
    return execute(sql, *rest)


class Tally:
    """One file a process, named for its role, written through with every statement: a killed worker has counted too."""

    pid = 0

    def add(self) -> None:
        if self.pid != os.getpid():
            self.pid, self.number = os.getpid(), 0
            path = Path(os.environ[FOLDER]) / f"{self.pid}-{role()}"
            self.file = os.open(path, os.O_WRONLY | os.O_CREAT)
        self.number += 1
        os.pwrite(self.file, ROW.pack(self.number), 0)


tally = Tally()


def role() -> str:
    """django-q2 names its processes in its own way: the function they run tells what they are for."""
    target = getattr(current_process(), "_target", None)
    return getattr(target, "__name__", "main")


def totals(folder: Path) -> Counter[str]:
    """Statements so far, by role."""
    found: Counter[str] = Counter()
    for path in folder.iterdir():
        found[path.name.partition("-")[2]] += ROW.unpack(path.read_bytes() or bytes(8))[0]
    return found
