"""Lets frozen time pass as it does on the desk: jobs at their time, and the sweep every minute."""

from datetime import timedelta

from publishing.tasks import sweep
from tests.draining import drain


def settle(clock, minutes: int = 10) -> None:
    for _ in range(minutes):
        drain()
        clock.tick(timedelta(seconds=30))
        drain()
        clock.tick(timedelta(seconds=30))
        sweep()
    drain()
