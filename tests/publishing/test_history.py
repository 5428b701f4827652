"""Who can write every row, but has no key, makes nothing public: the claim asks a history that they cannot write."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Entry, Publication, Witness
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from tests import make

State = Publication.State


def stopped(publication, outbox, because="behind Sophia's back"):
    publication.publish()
    publication.refresh_from_db()
    return not outbox and publication.state == State.FAILED and because in publication.reason


@pytest.fixture
def cancelled(publication, operator):
    publication.cancel(by=operator)
    return publication


def test_every_step_is_a_line_of_its_history(draft, operator):
    live = make.published(draft, operator)
    told = [(line.verb, line.state, line.by) for line in live.history.all()]
    assert told == [
        ("schedule", "queued", operator),
        ("take", "publishing", None),
        ("commit", "publishing", None),
        ("confirm", "published", None),
    ]


def test_a_cancelled_one_that_is_set_to_queued_does_not_go_out(cancelled, outbox):
    make.by_sql(cancelled, state=State.QUEUED)
    assert stopped(cancelled, outbox)


def test_one_without_a_history_does_not_go_out(cancelled, outbox):
    make.by_sql(cancelled, state=State.QUEUED)
    cancelled.history.all().delete()
    assert stopped(cancelled, outbox, "its history is gone")


def test_the_end_of_a_history_that_its_client_knows_is_missed(cancelled, outbox):
    Witness.objects.gather()
    make.by_sql(cancelled, state=State.QUEUED)
    cancelled.history.order_by("number").last().delete()
    assert stopped(cancelled, outbox, "line 2 of its history is gone")


@pytest.mark.parametrize("hide", ["delete", "elsewhere", "earlier"])
def test_the_client_s_own_history_cannot_be_thinned_out(cancelled, page, author, operator, outbox, hide):
    Witness.objects.gather()
    other = make.approved(make.draft(page, author, text="Another."), operator, at=timezone.now() + timedelta(days=1))
    Witness.objects.gather()
    known = Witness.objects.filter(publication=cancelled)
    if hide == "delete":
        known.delete()
    elif hide == "elsewhere":
        known.update(publication=other)
    else:
        known.update(at=timezone.now() - timedelta(days=9))
    make.by_sql(cancelled, state=State.QUEUED)
    cancelled.history.order_by("number").last().delete()
    assert stopped(cancelled, outbox, "client's history")


def test_what_was_out_does_not_go_out_again_without_its_attempts(draft, operator, outbox):
    live = make.published(draft, operator)
    outbox.clear()
    live.attempts.all().delete()
    make.by_sql(live, state=State.QUEUED, post_id="", published_at=None, reference=None)
    assert stopped(live, outbox)


def test_what_nobody_knows_is_not_sent_again_by_turning_back_its_state(publication, outbox):
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)
    publication.publish()
    outbox.clear()
    publication.attempts.all().delete()
    make.by_sql(publication, state=State.QUEUED, reference=None, claim_token=None)
    assert stopped(publication, outbox)


def test_a_time_that_nobody_chose_is_not_the_time(draft, operator, outbox):
    later = make.approved(draft, operator, at=timezone.now() + timedelta(days=3))
    make.by_sql(later, publish_at=timezone.now(), slot_at=timezone.now())
    assert stopped(later, outbox)


def test_a_verb_does_not_wash_what_was_changed_before_it(cancelled, operator, outbox):
    make.by_sql(cancelled, state=State.FAILED)
    cancelled.retry(by=operator)
    assert stopped(cancelled, outbox, "before line 3")


def test_a_line_cannot_be_written_without_the_key(cancelled, outbox):
    make.by_sql(cancelled, state=State.QUEUED)
    last = cancelled.history.order_by("number").last()
    make.by_sql(last, terms=cancelled.terms() | {"state": "queued"})
    assert stopped(cancelled, outbox, "line 2 of its history is not what Sophia wrote")


def test_a_line_of_another_publication_is_none_of_this_one(cancelled, page, author, operator, outbox):
    other = make.approved(make.draft(page, author, text="Another."), operator)
    cancelled.history.all().delete()
    other.history.update(publication=cancelled)
    make.by_sql(cancelled, state=State.QUEUED)
    assert stopped(cancelled, outbox)


def test_what_is_tampered_with_after_the_claim_is_not_made_public(publication, outbox):
    attempt = publication.claim()
    Entry.objects.filter(publication=publication, number=1).delete()
    attempt.run()
    assert outbox == []


def test_the_history_of_a_client_goes_on_where_another_sweep_stopped(publication, operator):
    assert (Witness.objects.gather(), Witness.objects.gather()) == (1, 0)
    publication.cancel(by=operator)
    Witness.objects.gather()
    assert [(row.number, row.entry) for row in Witness.objects.all()] == [(1, 1), (2, 2)]


def test_a_clock_that_was_put_back_breaks_no_history(publication, page, author, operator, clock, outbox):
    clock.tick(timedelta(hours=1))
    Witness.objects.gather()
    clock.tick(-timedelta(hours=1))
    other = make.approved(make.draft(page, author, text="Another."), operator)
    Witness.objects.gather()
    other.publish()
    assert len(outbox) == 1
