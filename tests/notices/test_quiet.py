from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from sophia.notifications.quiet import next_time, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
"""In 2026 its clocks go forward on 29 March at 02:00 and back on 25 October at 03:00."""


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "start", "end", "over"),
    [
        ("2026-06-01T09:59", time(12), time(14), None),
        ("2026-06-01T10:00", time(12), time(14), "2026-06-01T12:00"),
        ("2026-06-01T12:00", time(12), time(14), None),
        ("2026-06-01T20:00", time(22), time(7), "2026-06-02T05:00"),
        ("2026-06-01T23:00", time(22), time(7), "2026-06-02T05:00"),
        ("2026-06-02T04:59", time(22), time(7), "2026-06-02T05:00"),
        ("2026-06-02T05:00", time(22), time(7), None),
        ("2026-03-28T22:00", time(22), time(7), "2026-03-29T05:00"),
        ("2026-10-24T21:00", time(22), time(7), "2026-10-25T06:00"),
        # 02:30 does not exist on that day: the quiet ends when the clock has gone forward.
        ("2026-03-29T00:45", time(22), time(2, 30), "2026-03-29T01:30"),
        # 02:30 comes twice on that day, and the hour before the second is quiet again.
        ("2026-10-25T00:15", time(22), time(2, 30), "2026-10-25T00:30"),
        ("2026-10-25T01:15", time(22), time(2, 30), "2026-10-25T01:30"),
    ],
)
def test_quiet_ends_on_the_clock_of_the_place(moment, start, end, over):
    assert quiet_until(at(moment), BERLIN, start, end) == (at(over) if over else None)


@pytest.mark.parametrize(
    ("moment", "clock", "expected"),
    [
        ("2026-06-01T06:00", time(9), "2026-06-01T07:00"),
        ("2026-06-01T07:00", time(9), "2026-06-02T07:00"),
        ("2026-03-28T09:00", time(9), "2026-03-29T07:00"),
        ("2026-10-24T08:00", time(9), "2026-10-25T08:00"),
    ],
)
def test_the_next_digest_is_the_next_time_the_clock_shows_it(moment, clock, expected):
    assert next_time(at(moment), BERLIN, clock) == at(expected)
