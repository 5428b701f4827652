"""The desk on the stand-in: whatever is lost, and however it answers, one post, and gone only when it is."""

from datetime import timedelta
from itertools import cycle

import pytest
from django.utils import timezone

from publishing.models import Publication, Recovery
from tests import make
from tests.draining import carry_out
from tests.standin.conftest import PAGE, PROFILE
from tests.standin.tempers import TEMPERS

pytestmark = pytest.mark.django_db

IDS = {"facebook": PAGE, "instagram": PROFILE}
IRREVERSIBLE = {"facebook": f"POST {PAGE}_*", "instagram": f"POST {PROFILE}/media_publish"}
WHEN = ["after", "after", "before"]
LOSSES = ["refused", "empty_200", "status_500", "html_502", "no_id_200", "success_false"]
SOME = pytest.mark.parametrize("temper", ["old", "terse", "chatty", "stubborn"])
PLATFORMS = pytest.mark.parametrize("name", ["facebook", "instagram"])


def approved(account, by, images=1):
    pictures = [(make.image(color), "") for color in ("teal", "navy", "olive")[:images]]
    return make.approved(make.draft(account, by, text="Fresh bread.", pictures=pictures), by)


def see_through(publication) -> None:
    """What alarms and sweeps do, without their waits. The last looks are an hour later."""
    for turn in range(10):
        publication.refresh_from_db()
        if publication.state == Publication.State.QUEUED:
            make.behind_the_back(publication, publish_at=timezone.now())
            make.behind_the_back(publication.account, throttled_until=None)
            publication.publish()
        elif publication.state == Publication.State.UNCONFIRMED:
            since = timezone.now() - timedelta(hours=turn > 6)
            make.behind_the_back(publication, reconcile_at=timezone.now(), unconfirmed_at=since)
            publication.reconcile()
    publication.refresh_from_db()


def public(standin, account):
    posts = [post for post in standin.world.posts if post.account == account and not post.foreign]
    return [post.id for post in posts if standin.world.is_public(post)]


@pytest.mark.parametrize(("temper", "loss", "when"), list(zip([*TEMPERS, "dice 5"], cycle(LOSSES), cycle(WHEN))))
@PLATFORMS
def test_whatever_is_lost_nothing_is_public_twice(standin, accounts, operator, name, temper, loss, when):
    standin.world.turn(IDS[name], {"temper": temper})
    standin.faults.arm(IRREVERSIBLE[name], loss, when=when)
    publication = approved(accounts[name], operator)
    see_through(publication)
    times = len(public(standin, IDS[name]))
    assert times <= 1
    assert publication.is_live == bool(times) or publication.needs_a_person, publication.state


@SOME
@PLATFORMS
def test_gone_is_said_only_of_what_is_gone(standin, accounts, operator, name, temper):
    standin.world.turn(IDS[name], {"temper": temper, "two_step": True, "delete_without_effect": 1})
    foreign = standin.control.foreign(None, {"account": IDS[name], "text": "Fresh bread.", "images": 1})["id"]
    publication = approved(accounts[name], operator)
    see_through(publication)
    recovery = publication.recover(by=operator, reason="Wrong price")
    carry_out(recovery)
    assert (recovery.state == Recovery.State.COMPLETED) == (not public(standin, IDS[name]))
    assert standin.world.is_public(standin.world.post(foreign))


@SOME
def test_a_quota_that_is_enforced_below_what_is_told_is_waited_for(standin, accounts, operator, temper):
    standin.world.turn(PROFILE, {"temper": temper, "quota_enforced": 0, "ready_lies": 0})
    publication = approved(accounts["instagram"], operator)
    publication.publish()
    publication.refresh_from_db()
    assert (publication.state, publication.attempts.get().outcome) == (Publication.State.QUEUED, "wait")


@SOME
@pytest.mark.parametrize("name", ["facebook"])
def test_a_busy_app_is_waited_for_in_each_of_its_forms(standin, accounts, operator, name, temper):
    standin.world.turn(IDS[name], {"temper": temper})
    standin.world.turn("", {"app_throttled": True})
    publication = approved(accounts[name], operator)
    publication.publish()
    publication.refresh_from_db()
    assert (publication.state, publication.attempts.get().outcome) == (Publication.State.QUEUED, "wait")
    assert public(standin, IDS[name]) == []


def test_a_container_that_reads_finished_right_after_a_lost_answer_is_not_published_again(standin, accounts, operator):
    standin.world.turn(PROFILE, {"container_lag": 60})
    standin.faults.arm(IRREVERSIBLE["instagram"], "empty_200", when="after")
    publication = approved(accounts["instagram"], operator)
    publication.publish()
    for _ in range(2):
        make.behind_the_back(publication, reconcile_at=timezone.now())
        publication.refresh_from_db()
        publication.reconcile()
        publication.refresh_from_db()
    assert publication.state == Publication.State.UNCONFIRMED
    assert len(public(standin, PROFILE)) == 1
