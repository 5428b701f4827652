"""What workers run: the functions that are declared here, whatever a row of django-q2's tables says.

Who writes to those tables, or holds the key that signs a job, wakes what Sophia does anyway, and runs nothing else.
"""

import io
import json
import logging
import pickle
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django_q import signing
from django_q.brokers.orm import ORM
from django_q.models import OrmQ, Task
from django_q.signals import call_hook
from django_q.signing import BadSignature, SignedPackage
from picklefield import fields as picklefield  # type: ignore[import-untyped]

log = logging.getLogger(__name__)

PARTS = frozenset(
    {"id", "name", "func", "args", "kwargs", "started", "group", "save", "sync", "ack_failure", "cluster"}
)
"""Of a job. Another one is a hook, a chain or a time limit: ways to run something else, or for ever."""


class Unknown(Exception):  # noqa: N818
    """A job that Sophia did not declare, or cannot read."""


class Queue(ORM):
    """The queue as workers read it: what is not declared is thrown away before any of them sees it."""

    def dequeue(self) -> list[tuple[int, str]] | None:
        taken = super().dequeue() or []
        return [(row, payload) for row, payload in taken if self.is_declared(row, payload)] or None

    def is_declared(self, row: int, payload: str) -> bool:
        try:
            require_declared(read(payload))
        except Unknown as problem:
            log.error("Threw away a job of the queue “%s”: %s.", self.list_key, problem)
            self.delete(row)
            return False
        return True


def read(payload: str) -> dict[str, Any]:
    """The job that a row of the queue holds. Unknown, when it is none of ours or older than this version."""
    try:
        job = SignedPackage.loads(payload)
    except (BadSignature, TypeError, ValueError) as problem:
        raise Unknown("it cannot be read") from problem
    if not isinstance(job, dict):
        raise Unknown("it is no job")
    return job


def waiting_jobs(queue: str, upto: int) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Those that a worker would run, each with the moment before which none takes it. Where one has, that is when
    another one may."""
    for row in OrmQ.objects.filter(key=queue, lock__isnull=False)[:upto]:
        with suppress(Unknown):
            job = read(row.payload)
            require_declared(job)
            yield row.lock, job


def require_declared(job: dict[str, Any]) -> None:
    func = str(job.get("func"))
    if func not in settings.SOPHIA_JOBS:
        raise Unknown(f"sophia/jobs.py does not declare {func[:200]!r}")
    if more := job.keys() - PARTS:
        raise Unknown(f"{func} came with {', '.join(sorted(more))}")
    if job.get("kwargs") or job.get("sync"):
        raise Unknown(f"{func} came with options")
    if any(type(arg) not in (int, str) for arg in job.get("args", ())):
        raise Unknown(f"{func} came with more than ids and times")


class Json:
    """In place of pickle, which runs what it reads: a signed job is text, and so is a cluster's note about itself."""

    @staticmethod
    def dumps(job: object) -> bytes:
        return json.dumps(job, default=str).encode()

    @staticmethod
    def loads(data: bytes) -> Any:
        return json.loads(data)


class PlainUnpickler(pickle.Unpickler):
    """For what django-q2 keeps of a job that is done: text, numbers and lists. Anything else stays unread."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is more than a result")


def read_plain(data: bytes) -> Any:
    return PlainUnpickler(io.BytesIO(data)).load()


def wall_in() -> None:
    """Once, at the start: what django-q2 reads from its tables is never run."""
    signing.PickleSerializer = Json
    picklefield.loads = read_plain
    post_save.disconnect(call_hook, sender=Task)
