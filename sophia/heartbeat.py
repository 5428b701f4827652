"""Is the worker cluster alive?

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
from django_q.models import OrmQ
from django_q.signals import post_execute
from django_q.tasks import async_task

from sophia.alarms import EtaBroker
from sophia.models import Heartbeat

log = logging.getLogger(__name__)

PASSED_ON_AFTER = timedelta(milliseconds=300)


def cluster_name() -> str:
    """The supervisor names its cluster. A `qcluster` that was started by hand goes by its machine."""
    return os.environ.get("SOPHIA_CLUSTER") or socket.gethostname()


@receiver(post_execute)
def note_finished_job(**_: Any) -> None:
    """Sent by the cluster's monitor once a result is saved, so the whole way from queue to result works."""
    try:
        Heartbeat.note(cluster_name(), at_most_every=settings.SOPHIA_FROZEN_AFTER / 15)
    except Error:
        log.exception("Could not note that the workers are alive.")


def beat(name: str, until: str) -> None:
    """The empty job. All clusters share one queue: one that was not asked passes the question on."""
    now = timezone.now()
    if name != cluster_name() and now < datetime.fromisoformat(until):
        ask(name, until, at=now + PASSED_ON_AFTER)


def ask(name: str, until: str, at: datetime) -> int:
    """Queue a beat for the cluster `name`; after `until` it means nothing. Returns the row in the queue."""
    broker = EtaBroker(at)
    async_task("sophia.heartbeat.beat", name, until, q_options={"broker": broker, "save": False, "sync": False})
    return broker.row


class Watch:
    """A supervisor's eye on its cluster.

    Ages are counted on the supervisor's own steady clock since the note last *changed*: no jump of the wall clock,
    and no time during which the database gave no answer, makes a living cluster look frozen.
    """

    def __init__(self, name: str, frozen_after: timedelta):
        self.name = name
        self.frozen_after = frozen_after.total_seconds()
        self.ask_every = self.frozen_after / 5
        self.look_every = self.frozen_after / 25
        self.question = 0
        self.reset()

    def reset(self) -> None:
        """The cluster has just been started."""
        self.seen_at: datetime | None = None
        self.alive_at = self.asked_at = self.looked_at = monotonic()

    def sees_frozen(self) -> bool:
        now = monotonic()
        if now - self.looked_at < self.look_every:
            return False
        self.looked_at = now
        try:
            self.look()
        except Error as problem:
            log.warning("Cannot tell whether the workers are alive: %s", str(problem).strip())
            self.alive_at = monotonic()
        finally:
            close_old_connections()
        return monotonic() - self.alive_at > self.frozen_after

    def look(self) -> None:
        seen_at = Heartbeat.objects.filter(name=self.name).values_list("seen_at", flat=True).first()
        now = monotonic()
        if seen_at != self.seen_at:
            self.seen_at, self.alive_at = seen_at, now
        elif min(now - self.alive_at, now - self.asked_at) > self.ask_every:
            self.ask_again()
            self.asked_at = now

    def ask_again(self) -> None:
        """One question at a time: while no cluster runs, they must not pile up in the queue."""
        OrmQ.objects.filter(pk=self.question).delete()
        now = timezone.now()
        self.question = ask(self.name, (now + timedelta(seconds=self.ask_every)).isoformat(), at=now)
