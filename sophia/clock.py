"""The wall clock may be put back or forward while Sophia runs.

Then each time that was written down before lies as far off: a rhythm that is due “in a minute” comes in an hour, and a
sign of life stays young for an hour. The supervisor compares the clock with the steady one of the machine, which nobody
puts anywhere, and has the rhythms declared afresh.
"""

import logging
import socket
import time
from datetime import timedelta

from django.db import Error, close_old_connections, transaction

from sophia import alarms, schedules
from sophia.models import Heartbeat
from sophia.notifications.announce import announce

log = logging.getLogger(__name__)

STEP = timedelta(minutes=1)
"""Less does no harm that a sweep does not mend."""
AGAIN = 5.0
STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, so that waking up is no step."""


def steady() -> float:
    return time.clock_gettime(STEADY)


def offset() -> timedelta:
    return timedelta(seconds=time.time() - steady())


class Clock:
    def __init__(self) -> None:
        self.offset = offset()
        self.stepped: list[timedelta] = []
        self.look_at = 0.0

    def look(self) -> None:
        """Again and again. While the database does not answer, a step is kept."""
        now = offset()
        moved, self.offset = now - self.offset, now
        if abs(moved) > STEP:
            self.stepped.append(moved)
        if self.stepped and steady() >= self.look_at:
            self.look_at = steady() + AGAIN
            self.set_right()

    def set_right(self) -> None:
        try:
            set_right(self.stepped[-1])
            self.stepped.clear()
        except Error as problem:
            log.warning("The clock was changed, and the rhythms cannot be declared yet: %s", str(problem).strip())
        finally:
            close_old_connections()


def set_right(by: timedelta) -> None:
    """What was planned by the other clock comes now: whatever a job wakes looks at the truth first. The sweep sets the
    alarms of posts."""
    way = "back" if by < timedelta() else "forward"
    minutes = round(abs(by) / timedelta(minutes=1))
    sentence = (
        f"The clock of {socket.gethostname()} was put {way} by {minutes} minutes. Sophia goes by the new time. "
        "Look at what is due now, and run NTP."
    )
    log.warning(sentence)
    with transaction.atomic():
        schedules.sync()
        Heartbeat.forget_future()
        alarms.pull_in()
        announce("health.finding", sentence, link="/queue/", urgent=True)
