"""People hear that an API token ends, before a program is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sophia.notifications.models import Notice
from sophia.tokens.tasks import remind
from tests import make


def told():
    return list(Notice.objects.filter(kind="token.ending").order_by("pk"))


def passes(clock, **time):
    clock.tick(timedelta(**time))
    remind()
    remind()
    return len(told())


@pytest.fixture
def token(operator):
    return make.token(operator, "drafts:write", days=90)[0]


def test_it_is_told_14_7_3_and_1_days_before_and_when_it_ends(token, clock):
    assert [passes(clock, days=days) for days in (70, 5, 2, 7, 4, 1, 1)] == [0, 0, 1, 2, 3, 4, 5]
    assert [notice.urgent for notice in told()] == [False, False, False, True, True]
    assert "the API token that acts for olga, ends " in told()[0].sentence
    assert "the API token that acts for olga, has ended. Make another one" in told()[-1].sentence


def test_what_was_missed_is_told_once(token, clock):
    assert passes(clock, days=88) == 1
    assert passes(clock, hours=1) == 1


def test_nobody_is_told_of_one_that_opens_nothing_any_more(token, operator, clock):
    switched_off, _ = make.token(make.person("paul", "author"), "drafts:write", days=90)
    switched_off.person.is_active = False
    switched_off.person.save()
    token.revoke(by=token.made_by)
    assert passes(clock, days=89) == 0


def test_one_that_was_made_for_a_few_days_rings_no_earlier_than_it_need(operator, clock):
    make.token(operator, "drafts:write", days=5)
    assert [passes(clock, hours=1), passes(clock, days=1, hours=23)] == [0, 1]
    assert (told()[0].created_at - timezone.now()) < timedelta(minutes=1)


def test_one_that_ended_long_ago_is_left_alone(token, clock):
    clock.tick(timedelta(days=100))
    remind()
    assert told() == []
