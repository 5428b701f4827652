"""Alarm clocks: background jobs that start at their second.

An alarm may be lost, early or doubled, so what it wakes looks at the truth in the database first.
There are three queues, each with a cluster of its own: no chore, and no channel for notices, keeps a post waiting.
"""

from datetime import datetime, timedelta

from django_q.brokers.orm import ORM
from django_q.tasks import async_task

CHORES = "sophia"
PUBLISH = "publish"
NOTICES = "notices"
ALARM_WINDOW = timedelta(minutes=3)
"""Alarms are set this far ahead and no further, so that the task table stays small (stack.md, section 2)."""


class EtaBroker(ORM):
    """Queues a job that no worker takes before `due`: the column `lock` of django-q2 serves as "not before"."""

    def __init__(self, due: datetime, queue: str):
        super().__init__(list_key=queue)
        self.due = due
        self.row = 0

    def enqueue(self, task: str) -> int:
        self.row = self.get_connection().create(key=self.list_key, payload=task, lock=self.due).pk
        return self.row


def set_alarm(path: str, *args: int | str, at: datetime, queue: str = CHORES) -> None:
    """Call `path(*args)` at `at` in a worker of this queue, if the caller's transaction is committed.

    What is queued is signed but readable, and may outlive an upgrade: ids and ISO times, nothing else. Only failures
    are kept as results: of what succeeded, the rows that it wrote tell.
    """
    for arg in args:
        if type(arg) not in (int, str):
            raise TypeError(f"An alarm carries ids and ISO times, not {arg!r}.")
    async_task(path, *args, q_options={"broker": EtaBroker(at, queue), "save": False, "sync": False})
