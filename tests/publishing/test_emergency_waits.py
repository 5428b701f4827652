"""What an emergency finds that is not simply out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Emergency, Pause, Publication, SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from sophia.notifications.models import Notice
from tests import make
from tests.settling import settle

DAY = timedelta(hours=24)


def begin(page, operator, **details):
    details = {"client": page.client, "since": timezone.now() - DAY, "reason": "Wrong prices"} | details
    return Emergency.objects.start(by=operator, **details)


def test_what_was_with_the_platform_comes_down_when_it_turns_out_live(page, author, operator, outbox, clock):
    doubtful = make.approved(make.draft(page, author, text="Doubtful"), operator)
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)
    doubtful.publish()
    going = make.approved(make.draft(page, author, text="Going"), operator)
    attempt = going.claim()
    make.behind_the_back(attempt, started_at=timezone.now())
    emergency = begin(page, operator, pause=False)
    assert {row.publication for row in emergency.awaited} == {doubtful, going}
    attempt.run()
    settle(clock)
    assert [posted for posted in outbox if posted.live] == []
    assert "1 of 1 is proved gone; 1 never went out." in Notice.objects.get(kind="emergency.finished").sentence


def test_a_post_whose_id_is_unknown_ends_with_a_person(draft, operator, clock):
    by_hand = make.approved(draft, operator, mode=Publication.Mode.MANUAL)
    by_hand.publish()
    by_hand.confirm_by_hand(by=operator, link="https://facebook.example/1")
    emergency = begin(draft.account, operator)
    settle(clock)
    assert emergency.tally().manual == [by_hand.pk]


@pytest.mark.django_db(transaction=True)
def test_it_begins_while_the_account_is_connected_again(author, operator, together):
    page = make.account("facebook", "1001")
    for number in range(3):
        make.published(make.draft(page, author, text=f"Post {number}"), operator)
        details = {"by": operator, "client": page.client, "since": timezone.now() - DAY, "reason": "Wrong prices"}
        assert not together(
            lambda details=details: [Emergency.objects.start(**details) for _ in range(4)],
            *[lambda: [SocialAccount.objects.get(pk=page.pk).connect() for _ in range(8)]] * 3,
        )
        for pause in Pause.objects.in_force():
            pause.lift(by=operator)
