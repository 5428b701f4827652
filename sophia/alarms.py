"""Alarm clocks: background jobs that start at their second.

An alarm may be lost, early or doubled, so what it wakes looks at the truth in the database first.
There are four queues, each with a cluster of its own: no take-down, no chore and no channel for notices keeps a post
waiting, and no burst of posts keeps a take-down waiting.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.tasks import async_task

from sophia.broker import waiting_jobs

CHORES = "sophia"
PUBLISH = "publish"
TAKEDOWN = "takedown"
NOTICES = "notices"
QUEUES = (PUBLISH, TAKEDOWN, CHORES, NOTICES)
ALARM_WINDOW = timedelta(minutes=3)
"""Alarms are set this far ahead and no further, so that the task table stays small (stack.md, section 2)."""
MOST_READ = 5000
"""Alarms of a queue that are read before more are set."""

FAR = timedelta(minutes=10)
"""No job is planned for later: one that lies further ahead was planned by a clock that has been put back."""


class EtaBroker(ORM):
    """Queues a job that no worker takes before `due`: the column `lock` of django-q2 serves as "not before"."""

    def __init__(self, due: datetime, queue: str):
        super().__init__(list_key=queue)
        self.due = due
        self.row = 0

    def enqueue(self, task: str) -> int:
        self.row = self.get_connection().create(key=self.list_key, payload=task, lock=self.due).pk
        return self.row


def pull_in() -> None:
    now = timezone.now()
    OrmQ.objects.filter(lock__gt=now + FAR).update(lock=now)


def set_alarm(path: str, *args: int | str, at: datetime, queue: str = CHORES) -> None:
    """Call `path(*args)` at `at` in a worker of this queue, if the caller's transaction is committed.

    What is queued is signed but readable, and may outlive an upgrade: ids and ISO times, nothing else. Only failures
    are kept as results: of what succeeded, the rows that it wrote tell.
    """
    if path not in settings.SOPHIA_JOBS:
        raise ValueError(f"No worker would run {path}: sophia/jobs.py does not declare it.")
    for arg in args:
        if type(arg) not in (int, str):
            raise TypeError(f"An alarm carries ids and ISO times, not {arg!r}.")
    async_task(path, *args, q_options={"broker": EtaBroker(at, queue), "save": False, "sync": False})


class Waiting:
    """The alarms of a queue that no worker has taken, as they were when it was made. Whoever sets the same ones again
    and again asks it first: else a queue that has more to do than its workers can would grow until they do nothing but
    find out that there is nothing to do."""

    def __init__(self, queue: str):
        self.now = timezone.now()
        self.moments: defaultdict[tuple[str, tuple[int | str, ...]], set[datetime]] = defaultdict(set)
        for moment, job in waiting_jobs(queue, upto=MOST_READ):
            self.moments[job["func"], tuple(job.get("args", ()))].add(moment)

    def has(self, path: str, *args: int | str, at: datetime) -> bool:
        """One for this moment, or any that is due where this is. A worker that takes it moves it, so what was taken is
        set again."""
        moments = self.moments.get((path, args), ())
        return at in moments or (at <= self.now and any(moment <= self.now for moment in moments))
