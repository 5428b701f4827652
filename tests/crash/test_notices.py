"""Workers that die between a fact and its delivery, and a channel that hangs: with real processes, over HTTP."""

import os
import signal
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from sophia.alarms import NOTICES
from tests.crash.desk import PAGE, Desk
from tests.notices.standins import Silence, WebHook

pytestmark = pytest.mark.crash

SUBSCRIBE = """
from django.contrib.auth.models import User
from sophia.notifications.models import Subscription
olga = User.objects.get(username="olga")
for url in {urls!r}:
    Subscription.objects.subscribe(by=olga, name=url, url=url, preset="everything")
"""
ANNOUNCE = """
from sophia.notifications.announce import announce
for number in range({count}):
    announce("pause.started", f"Fact {{number}}.")
"""
UNSENT = "SELECT id FROM notifications_delivery WHERE state <> 'sent'"
SWEEP = "from sophia.notifications.tasks import sweep; sweep()"


class SlowHook(WebHook):
    """Takes its time, as services do, so that a kill finds a message on its way."""

    def took(self, request):
        time.sleep(0.4)


@pytest.fixture
def desk(environment, tmp_path):
    made = Desk(environment | {"SOPHIA_NOTICE_HOSTS": "127.0.0.1"}, tmp_path)
    yield made
    made.clean_up()


def facts(hook):
    return Counter(message.split("\n")[0] for message in hook.messages if message.startswith("Fact"))


def kill_notices(desk):
    for pid in desk.workers(NOTICES):
        os.kill(pid, signal.SIGKILL)


def everything_arrives(desk, hook, count, seconds=90):
    """Sweeping as the rhythm would, which comes every minute."""
    patience = time.monotonic() + seconds
    while len(facts(hook)) < count:
        assert time.monotonic() < patience, f"{facts(hook)}\n{desk.log.read_text()}"
        desk.shell(SWEEP)


def test_workers_killed_between_fact_and_delivery_lose_none_and_double_at_most_the_last(desk):
    with SlowHook() as hook:
        desk.start()
        desk.shell(SUBSCRIBE.format(urls=[hook.url]))
        desk.shell(ANNOUNCE.format(count=12))
        desk.until(lambda: len(facts(hook)) >= 4)
        kill_notices(desk)
        killed_at = hook.got[-1][2]["message"].split("\n")[0]
        everything_arrives(desk, hook, 12)
        doubled = {fact for fact, times in facts(hook).items() if times > 1}
        assert doubled <= {killed_at}
        desk.until(lambda: desk.rows(UNSENT) == [])
        assert facts(hook).total() <= 13
        assert list(facts(hook)) == [f"Fact {number}." for number in range(12)]


class TimedHook(WebHook):
    def took(self, request):
        if request[2]["message"].startswith("Fact"):
            self.last_at = time.monotonic()


def test_a_channel_that_hangs_delays_neither_posts_nor_another_channel(desk):
    # Nothing is killed here: on a busy machine the short time of the other tests would restart the workers.
    desk.environment |= {"SOPHIA_LEASE": "90s", "SOPHIA_FROZEN_AFTER": "75s"}
    with TimedHook() as hook, Silence() as silence:
        desk.start()
        desk.shell(SUBSCRIBE.format(urls=[silence.url, hook.url]))
        desk.shell(ANNOUNCE.format(count=5))
        desk.until(lambda: len(facts(hook)) == 5)
        publication = desk.settles(desk.approve(PAGE, "While a channel hangs"))
        assert (publication["state"], publication["attempts"]) == ("published", 1)
        assert lateness(publication) < timedelta(seconds=20)
        desk.until(lambda: silence.left_at)
        assert hook.last_at < silence.left_at[0], desk.log.read_text()
        assert list(facts(hook)) == [f"Fact {number}." for number in range(5)]


def lateness(publication):
    published, planned = (datetime.fromisoformat(publication[name]) for name in ("published_at", "publish_at"))
    return published - planned
