"""Is a worker cluster alive?

A worker that is killed while it waits for work takes the queue's lock with it: the cluster still looks alive, does no
more work and ignores SIGTERM (django-q2 issue 23). Only work that gets done proves life. So every finished job is
noted in the database, and a cluster with nothing to do is asked to finish an empty one.
"""

import logging
import os
import socket
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections
from django.dispatch import receiver
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signals import post_execute, pre_execute
from django_q.tasks import async_task

from sophia.alarms import EtaBroker
from sophia.models import Heartbeat
from sophia.tracing import about_job

log = logging.getLogger(__name__)

STARTING, STARTING_AT_MOST = 30.0, 240.0
PASSED_ON_AFTER = timedelta(milliseconds=300)


def cluster_name() -> str:
    """The supervisor names its cluster. A `qcluster` that was started by hand goes by its machine."""
    return os.environ.get("SOPHIA_CLUSTER") or socket.gethostname()


@receiver(pre_execute)
def name_job(task: dict[str, Any], **_: Any) -> None:
    about_job(str(task["id"]))


@receiver(post_execute)
def note_finished_job(**_: Any) -> None:
    """Sent by the cluster's monitor once a result is saved, so the whole way from queue to result works."""
    try:
        Heartbeat.note(cluster_name(), at_most_every=settings.SOPHIA_FROZEN_AFTER / 15)
    except Error:
        log.exception("Could not note that the workers are alive.")


def beat(name: str, until: str) -> None:
    """The empty job. Clusters of several machines share a queue: one that was not asked passes the question on."""
    now = timezone.now()
    if name != cluster_name() and now < datetime.fromisoformat(until):
        ask(name, until, at=now + PASSED_ON_AFTER, queue=Conf.CLUSTER_NAME)


def ask(name: str, until: str, at: datetime, queue: str) -> int:
    """Queue a beat for the cluster `name`; after `until` it means nothing. Returns the row in the queue."""
    broker = EtaBroker(at, queue)
    async_task("sophia.heartbeat.beat", name, until, q_options={"broker": broker, "save": False, "sync": False})
    return broker.row


class Watch:
    """A supervisor's eye on one of its clusters.

    Ages are counted on the supervisor's own steady clock since the note last *changed*: no jump of the wall clock,
    and no time during which the database gave no answer, makes a living cluster look frozen.
    """

    def __init__(self, name: str, queue: str, frozen_after: timedelta):
        self.name = name
        self.queue = queue
        self.frozen_after = frozen_after.total_seconds()
        self.ask_every = self.frozen_after / 5
        self.look_every = self.frozen_after / 25
        self.starting = max(self.frozen_after, STARTING)
        self.question = 0
        self.reset()

    def reset(self) -> None:
        """The cluster has just been started. It is asked at once, so that it is known when it works."""
        self.seen_at: datetime | None = None
        self.alive_at = self.look_at = monotonic()
        self.asked_at = float("-inf")

    def is_ready(self) -> bool:
        return self.seen_at is not None

    def sees_frozen(self) -> bool:
        now = monotonic()
        if now < self.look_at:
            return False
        self.look_at = now + self.look_every
        try:
            self.look()
        except Error as problem:
            log.warning("Cannot tell whether the workers are alive: %s", str(problem).strip())
            self.alive_at = monotonic()
        else:
            if not self.is_ready():
                self.look_at = now
        finally:
            close_old_connections()
        return monotonic() - self.alive_at > self.patience

    @property
    def patience(self) -> float:
        """A slow machine is given time to start, however soon it is to be found frozen later."""
        return self.frozen_after if self.is_ready() else self.starting

    def give_up(self) -> None:
        """One that was stopped while starting gets twice the time: else a machine so slow would start it for ever."""
        if not self.is_ready():
            self.starting = min(2 * self.starting, max(self.starting, STARTING_AT_MOST))

    def look(self) -> None:
        seen_at = Heartbeat.objects.filter(name=self.name).values_list("seen_at", flat=True).first()
        now = monotonic()
        if seen_at != self.seen_at:
            self.seen_at, self.alive_at = seen_at, now
        elif self.is_silent(now) and now - self.asked_at > self.ask_every:
            self.ask_again()
            self.asked_at = now

    def is_silent(self, now: float) -> bool:
        return not self.is_ready() or now - self.alive_at > self.ask_every

    def ask_again(self) -> None:
        """One question at a time: while no cluster runs, they must not pile up in the queue."""
        self.take_back_question()
        now = timezone.now()
        until = (now + timedelta(seconds=self.ask_every)).isoformat()
        self.question = ask(self.name, until, at=now, queue=self.queue)

    def take_back_question(self) -> None:
        OrmQ.objects.filter(pk=self.question).delete()

    def close(self) -> None:
        """The cluster was stopped and will not be started again."""
        try:
            self.take_back_question()
            Heartbeat.objects.filter(name=self.name).delete()
        except Error as problem:
            log.warning("Could not take back the heartbeat of %s: %s", self.name, str(problem).strip())
