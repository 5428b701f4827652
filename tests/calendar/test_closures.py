"""Held against the rule itself: what the calendar calls closed is what a claim would not take."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing import slots
from publishing.cadence import Rule, broken
from publishing.closures import closures
from tests import make
from tests.publishing.test_cadence import START, crowds, rules, thorough

SPAN = timedelta(days=33)
minutes = st.lists(st.integers(0, 33 * 24 * 60 - 1), min_size=1, max_size=40)


def reason(at, found):
    return next((each.because for each in found if each.start <= at < each.until), "")


@thorough
@given(taken=crowds, rule=rules, asked=minutes, late=st.integers(0, 59))
def test_what_is_closed_is_what_the_rule_refuses(taken, rule, asked, late):
    taken = [moment + timedelta(seconds=late) for moment in taken]
    found = closures(START, START + SPAN, taken, rule)
    edges = [edge for each in found for edge in (each.start, each.until) if edge < START + SPAN]
    near = [edge + timedelta(minutes=step) for edge in edges for step in (-1, 0) if edge > START]
    for at in [START + timedelta(minutes=minute) for minute in asked] + near[:40]:
        assert reason(at, found) == broken(at, taken, rule)


def test_a_free_rule_closes_nothing():
    assert closures(START, START + SPAN, [START], Rule()) == []


@pytest.mark.django_db
def test_an_account_is_closed_around_its_other_posts_and_not_around_the_one_that_moves(page, author, operator):
    page.connect(min_gap=timedelta(hours=2))
    day = datetime(2099, 7, 1, tzinfo=UTC)
    noon = make.approved(make.draft(page, author), operator, at=day + timedelta(hours=12), although="Planned early.")
    closed = slots.closed(page, day, day + timedelta(days=1))
    assert [(each.start.hour, each.start.minute, each.until.hour) for each in closed] == [(10, 1, 14)]
    assert slots.closed(page, day, day + timedelta(days=1), [noon.pk]) == []
