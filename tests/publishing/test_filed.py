"""A take-down asked for while it is being published, or while nobody knows, is carried out as soon as it can be."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from publishing import gates
from publishing.models import Publication, Recovery
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError, Receipt, Seen
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from sophia.refusals import WrongState
from tests import make
from tests.draining import carry_out, drain

State, Stage = Publication.State, Recovery.State
LOST = PlatformError(Kind.UNKNOWN, "The line went dead.")
DAY = timedelta(days=1)


@pytest.fixture
def doubtful(publication, clock):
    """It is live, and nobody knows."""
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    publication.refresh_from_db()
    return publication


@pytest.fixture
def denied(publication, clock):
    """It is not live, and nobody knows."""
    memory.fail_next("commit", LOST)
    publication.publish()
    publication.refresh_from_db()
    return publication


def ask(publication, by, **options):
    return Publication.objects.get(pk=publication.pk).recover(by=by, reason="Wrong price", **options)


def settled(publication, clock):
    clock.tick(timedelta(seconds=30))
    publication.reconcile()
    drain()
    sweep()
    drain()
    publication.refresh_from_db()


def test_it_is_filed_while_it_is_being_published_and_begins_when_it_is_out(draft, operator, outbox):
    publication = make.approved(draft, operator, at=timezone.now() + timedelta(minutes=1))
    publication.prepare()  # So that nothing lies between the claim and the commit.
    make.behind_the_back(publication, publish_at=timezone.now())
    attempt = publication.claim()
    filed = ask(publication, operator)
    assert (filed.is_filed, filed.next_at) == (True, None)
    attempt.run()
    drain()
    assert not outbox[0].live
    carry_out(filed)
    assert filed.is_proved


def test_what_turns_out_to_be_live_comes_down(doubtful, operator, outbox, clock):
    filed = ask(doubtful, operator)
    settled(doubtful, clock)
    assert not outbox[0].live
    carry_out(filed)
    assert filed.is_proved


@pytest.mark.parametrize("how", ["confirm_by_hand", "identify"])
def test_it_begins_however_it_is_known_to_be_out(doubtful, operator, outbox, how):
    filed = ask(doubtful, operator)
    receipt = outbox[0].receipt
    if how == "identify":
        doubtful.identify(doubtful.candidates.pasted(doubtful.pk, Seen(receipt, doubtful.text)), by=operator)
    else:
        doubtful.confirm_by_hand(by=operator, receipt=Receipt(receipt.post_id, receipt.permalink))
    drain()
    assert not outbox[0].live
    carry_out(filed)
    assert filed.is_proved


def test_what_is_proved_not_to_be_public_does_not_go_out_any_more(denied, operator, outbox, clock):
    filed = ask(denied, operator)
    settled(denied, clock)
    filed.refresh_from_db()
    assert (denied.state, outbox) == (State.CANCELLED, [])
    assert "olga asked to take it down: Wrong price" in denied.reason
    assert (filed.state, filed.note) == (Stage.DISMISSED, "It never went out.")


def test_not_even_where_its_account_is_held_until_then(denied, operator, clock):
    filed = ask(denied, operator)
    denied.account.throttle(timezone.now() + DAY, "Too many calls.")
    denied.queue_again(denied.claim_token, timezone.now(), "Proved not live.")
    sweep()
    filed.refresh_from_db()
    assert filed.is_dismissed


def test_the_gate_stops_it_before_any_other_has_a_say(denied, operator):
    ask(denied, operator)
    denied.queue_again(denied.claim_token, timezone.now(), "Proved not live.")
    denied.account.hold("It may not publish.")
    assert denied.claim() is None
    assert denied.state == State.CANCELLED


def test_a_wish_that_was_withdrawn_meanwhile_cancels_nothing(denied, operator, outbox, clock):
    filed = ask(denied, operator)
    denied.queue_again(denied.claim_token, timezone.now(), "Proved not live.")
    slow = Publication.objects.to_give_way().get()
    filed.dismiss(by=operator, note="The price is right.")
    with pytest.raises(WrongState, match="any more"):
        slow.give_way("olga asked to take it down.")
    slow.publish()
    assert (slow.state, len(outbox)) == (State.PUBLISHED, 1)


def test_it_is_asked_again_between_the_claim_and_the_commit(publication, operator, outbox):
    attempt = publication.claim()
    ask(publication, operator)
    attempt.run()
    publication.refresh_from_db()
    drain()
    publication.refresh_from_db()
    assert (publication.state, outbox) == (State.CANCELLED, [])


def test_what_is_filed_for_review_holds_it_until_somebody_decides(denied, operator, clock, outbox):
    filed = ask(denied, operator, urgency="review")
    settled(denied, clock)
    assert (denied.state, outbox) == (State.QUEUED, [])
    assert isinstance(gates.takedown(denied, gates.Question(timezone.now())), gates.Hold)
    filed.dismiss(by=operator, note="The price is right.")
    denied.publish()
    assert outbox[0].live


def test_what_is_filed_can_be_let_out_after_all(denied, operator, clock, outbox):
    ask(denied, operator).dismiss(by=operator, note="The price is right.")
    settled(denied, clock)
    assert outbox[0].live


def test_a_worker_does_not_remove_what_is_not_out(doubtful, operator, outbox):
    filed = ask(doubtful, operator)
    make.behind_the_back(filed, next_at=timezone.now())
    filed.execute()
    filed.refresh_from_db()
    assert (filed.state, filed.next_at, outbox[0].live) == (Stage.PENDING, None, True)


def test_what_may_be_out_since_before_a_restored_backup_is_for_a_person(denied, operator, clock):
    ask(denied, operator)
    make.behind_the_back(denied, state=State.QUEUED, claim_token=None, suspected_at=timezone.now())
    sweep()
    drain()
    denied.refresh_from_db()
    assert denied.state == State.QUEUED


def test_the_page_says_that_it_is_filed(desk, doubtful, operator):
    page = desk.get(doubtful.get_absolute_url()).content.decode()
    assert "Take down…" in page
    answer = desk.post(
        f"/queue/{doubtful.pk}/recover", {"reason": "Wrong", "urgency": "immediate", "sure": "on"}, follow=True
    )
    assert "comes down as soon as it is out" in answer.content.decode()
    assert "To be taken down: Wrong" in answer.content.decode()


def test_who_asked_is_told_that_it_never_went_out(denied, operator, clock):
    ask(denied, operator)
    settled(denied, clock)
    assert "never went out" in Notice.objects.get(kind="recovery.dismissed").sentence


@pytest.mark.parametrize("urgency", ["immediate", "review"])
def test_what_a_person_cancels_needs_no_take_down_any_more(denied, operator, clock, urgency):
    filed = ask(denied, operator, urgency=urgency)
    denied.queue_again(denied.claim_token, timezone.now(), "Proved not live.")
    denied.cancel(by=operator)
    filed.refresh_from_db()
    assert (filed.state, filed.note) == (Stage.DISMISSED, "It never went out.")


def test_nor_does_what_is_judged_again(denied, operator, clock):
    filed = ask(denied, operator, urgency="review")
    denied.queue_again(denied.claim_token, timezone.now(), "Proved not live.")
    denied.draft.reopen(by=operator)
    filed.refresh_from_db()
    assert filed.is_dismissed


def test_what_may_be_out_since_before_a_backup_may_still_have_to_come_down(denied, operator, clock):
    filed = ask(denied, operator, urgency="review")
    make.behind_the_back(denied, state=State.MISSED, claim_token=None, suspected_at=timezone.now())
    Publication.objects.get().cancel(by=operator)
    filed.refresh_from_db()
    assert filed.is_open


def test_a_held_one_is_let_out_on_its_page(desk, denied, operator, clock, outbox):
    filed = ask(denied, operator, urgency="review")
    settled(denied, clock)
    assert "Let it go out…" in desk.get(denied.get_absolute_url()).text
    answer = desk.post(f"/recoveries/{filed.pk}/dismiss", {"note": "The price is right."}, follow=True)
    assert "It may go out." in answer.text
    assert "lets Publication" in Notice.objects.get(kind="recovery.dismissed").sentence
    denied.publish()
    assert outbox[0].live


@pytest.mark.parametrize(
    ("urgency", "foretold", "answered"),
    [
        ("immediate", "it is cancelled and does not go out any more", "It does not go out any more."),
        ("review", "until somebody has decided about its take-down", "until somebody decides about its take-down"),
    ],
)
def test_not_live_is_no_promise_to_send_what_somebody_wants_down(desk, denied, operator, urgency, foretold, answered):
    ask(denied, operator, urgency=urgency)
    page = desk.get(denied.get_absolute_url()).text
    assert foretold in page
    assert "send it again" not in page
    answer = desk.post(f"/queue/{denied.pk}/not-live", {"although": "on"}, follow=True).text
    assert answered in answer
    assert "sent again" not in answer


def test_what_is_public_and_waits_for_nothing_is_begun_by_the_sweep(doubtful, operator, outbox):
    filed = ask(doubtful, operator)
    doubtful.confirm_by_hand(by=operator, receipt=outbox[0].receipt)
    make.behind_the_back(filed, next_at=None)  # However that was lost.
    sweep()
    drain()
    assert not outbox[0].live


@pytest.mark.django_db(transaction=True)
def test_a_start_and_a_confirmation_at_the_same_moment_do_not_miss_each_other(draft, operator, outbox, clock, together):
    publication = make.approved(draft, operator)
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    filed = ask(publication, operator, urgency="review")
    confirmed, started = threading.Event(), threading.Event()

    def confirm():
        with transaction.atomic():
            Publication.objects.get(pk=publication.pk).confirm_by_hand(by=operator, receipt=outbox[0].receipt)
            confirmed.set()
            started.wait(0.3)

    def start():
        confirmed.wait(30)
        Recovery.objects.get(pk=filed.pk).start(by=operator)
        started.set()

    assert not together(confirm, start)
    filed.refresh_from_db()
    assert filed.next_at is not None
