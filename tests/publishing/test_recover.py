from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import OrmQ

from publishing.models import Publication, Recovery
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import sweep
from sophia.alarms import TAKEDOWN
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, Refused, WrongState
from tests import make
from tests.draining import carry_out, drain

DOWN = PlatformError(Kind.RETRY, "Facebook does not answer.")


@pytest.fixture
def live(draft, operator):
    return make.published(draft, operator)


def recover(publication, by, **options) -> Recovery:
    recovery = publication.recover(by=by, reason="Wrong price", **options)
    carry_out(recovery)
    publication.refresh_from_db()
    return recovery


def test_a_post_is_taken_down_and_proved_gone(live, operator, outbox):
    recovery = recover(live, operator)
    assert not outbox[0].live
    assert live.state == Publication.State.RECOVERED
    assert recovery.state == Recovery.State.COMPLETED
    assert recovery.began_at < recovery.last_live_at < recovery.deleted_at < recovery.seen_gone_at
    assert [entry["verb"] for entry in recovery.evidence] == ["remove", "is_readable", "prove_gone", "verdict"]


def test_workers_carry_it_out_when_the_caller_does_not(live, operator, outbox, clock):
    recovery = live.recover(by=operator, reason="Wrong price")
    for seconds in (0, 2, 5):
        clock.tick(timedelta(seconds=seconds))
        recovery.refresh_from_db()
        assert recovery.is_under_way
        drain()
    recovery.refresh_from_db()
    assert recovery.is_proved
    assert not outbox[0].live


def test_take_downs_have_workers_of_their_own(live, operator, clock):
    OrmQ.objects.all().delete()
    recovery = live.recover(by=operator, reason="Wrong price")
    sweep()
    recovery.execute()
    assert set(OrmQ.objects.values_list("key", flat=True)) == {TAKEDOWN}


@pytest.mark.parametrize("name", ["author", "viewer", "stranger"])
def test_only_who_may_takes_posts_down(live, name, request):
    with pytest.raises(NotAllowed):
        live.recover(by=request.getfixturevalue(name), reason="I do not like it")
    assert not Recovery.objects.exists()


def test_a_reason_is_needed(live, operator):
    with pytest.raises(Refused, match="Say why"):
        live.recover(by=operator, reason="  ")


def test_what_never_went_out_is_refused(publication, operator):
    with pytest.raises(WrongState, match="Cancel it instead"):
        publication.recover(by=operator, reason="Wrong price")


def test_what_is_down_already_is_refused(live, operator):
    recover(live, operator)
    with pytest.raises(WrongState, match="already been taken down"):
        live.recover(by=operator, reason="Again")


def test_a_failure_stays_open_and_can_be_repeated_at_once(live, operator, outbox):
    memory.fail_next("remove", DOWN)
    recovery = recover(live, operator)
    assert (recovery.state, recovery.note) == (Recovery.State.FAILED, "Facebook does not answer.")
    assert live.is_live
    again = recover(live, operator)
    assert again == recovery
    assert again.state == Recovery.State.COMPLETED


def test_recovered_is_never_said_while_the_post_is_up(live, operator, outbox):
    memory.fail_next("remove", PlatformError(Kind.UNKNOWN, "It is still there."))
    recover(live, operator)
    assert outbox[0].live
    assert live.is_live


def test_where_a_person_must_remove_it_they_are_told_how(live, operator, outbox):
    memory.by_hand.add(live.post_id)
    recovery = recover(live, operator)
    assert recovery.state == Recovery.State.MANUAL
    assert live.permalink in recovery.note
    assert live.is_live


def test_removed_by_hand_it_is_completed_when_looked_at_again(live, operator, outbox):
    memory.by_hand.add(live.post_id)
    recover(live, operator)
    outbox[0].live = False
    assert recover(live, operator).state == Recovery.State.COMPLETED
    assert live.state == Publication.State.RECOVERED


def test_a_review_waits_for_a_person(live, operator, outbox):
    recovery = recover(live, operator, urgency=Recovery.Urgency.REVIEW)
    drain()
    assert recovery.state == Recovery.State.PENDING
    assert outbox[0].live


def test_a_review_can_be_dismissed_with_a_note(live, operator):
    recovery = recover(live, operator, urgency=Recovery.Urgency.REVIEW)
    recovery.dismiss(by=operator, note="The price is right after all.")
    assert recovery.state == Recovery.State.DISMISSED
    assert live.is_live


def test_a_worker_that_died_in_the_middle_is_followed_by_another(live, operator, outbox, clock):
    recovery = live.recover(by=operator, reason="Wrong price")
    for seconds in (0, 91, 91):
        clock.tick(timedelta(seconds=seconds))
        assert recovery.claim()
    clock.tick(timedelta(seconds=91))
    sweep()
    drain()
    recovery.refresh_from_db()
    assert recovery.looks == 1
    clock.tick(timedelta(seconds=3))
    assert recovery.claim()
    carry_out(recovery)
    assert recovery.is_proved


def test_a_lost_alarm_is_set_again(live, operator, outbox, clock):
    live.recover(by=operator, reason="Wrong price")
    OrmQ.objects.all().delete()
    sweep()
    drain()
    assert not outbox[0].live


def test_an_alarm_that_rings_late_does_not_repeat_what_failed(live, operator, outbox):
    memory.fail_next("remove", DOWN)
    recover(live, operator)
    drain()
    assert outbox[0].live


def test_two_workers_do_not_execute_the_same_recovery(live, operator):
    recovery = live.recover(by=operator, reason="Wrong price")
    assert recovery.claim()
    assert not Recovery.objects.get(pk=recovery.pk).claim()


def test_a_dead_token_holds_the_account_and_leaves_the_recovery_open(live, operator):
    memory.fail_next("remove", PlatformError(Kind.AUTH, "The token has expired."))
    assert recover(live, operator).state == Recovery.State.FAILED
    assert not Publication.objects.get(pk=live.pk).account.is_healthy


def test_the_database_refuses_a_completed_recovery_without_proof(live, operator):
    recovery = live.recover(by=operator, reason="Wrong price", urgency="review")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(state=Recovery.State.COMPLETED)


def test_a_publication_is_not_marked_recovered_without_proof(live, operator):
    live.recover(by=operator, reason="Wrong price", urgency="review")
    with pytest.raises(WrongState, match="not been proved gone"):
        live.mark_recovered()


def test_a_recovery_is_not_completed_without_the_platforms_proof(live, operator):
    recovery = live.recover(by=operator, reason="Wrong price")
    for _ in range(2):
        make.behind_the_back(recovery, next_at=timezone.now())
        recovery.execute()
        with pytest.raises(WrongState, match="not been proved gone"):
            recovery.complete("1001_2")


@pytest.fixture
def by_hand(draft, operator):
    """Posted by a person: Sophia knows its link, not its id."""
    publication = make.approved(draft, operator, mode=Publication.Mode.MANUAL)
    publication.publish()
    publication.confirm_by_hand(by=operator, link="https://facebook.example/1")
    return publication


def test_a_post_whose_id_is_unknown_is_never_looked_for_by_its_words(by_hand, page, operator, outbox):
    make.published(make.draft(page, operator), operator)
    assert recover(by_hand, operator).state == Recovery.State.MANUAL
    assert outbox[0].live


def test_what_sophia_cannot_look_at_is_gone_when_a_person_saw_it(by_hand, operator):
    recover(by_hand, operator)
    by_hand.witness_gone(by=operator, note="Deleted on my phone.")
    by_hand.refresh_from_db()
    recovery = by_hand.recoveries.get()
    assert (by_hand.state, recovery.state) == (Publication.State.RECOVERED, Recovery.State.COMPLETED)
    assert recovery.evidence[-1]["by"] == "olga"


def test_what_sophia_can_look_at_is_not_gone_because_a_person_says_so(live, operator):
    memory.by_hand.add(live.post_id)
    recover(live, operator)
    with pytest.raises(WrongState, match="looks itself"):
        live.witness_gone(by=operator, note="Gone, I think.")


def test_what_is_on_an_account_that_is_not_connected_any_more_is_gone_when_a_person_saw_it(live, operator):
    memory.outages["remove"] = PlatformError(Kind.AUTH, "The token has expired.")
    recovery = recover(live, operator)
    assert (recovery.state, recovery.can_be_witnessed) == (Recovery.State.FAILED, True)
    assert "say on its page in Sophia that you saw it gone" in recovery.steps()[-1]
    live.witness_gone(by=operator, note="The client shows me that it is gone.")
    recovery.refresh_from_db()
    assert (recovery.is_proved, recovery.next_at, live.state) == (True, None, Publication.State.RECOVERED)


def test_what_failed_on_an_account_that_is_connected_is_not_gone_because_a_person_says_so(live, operator):
    memory.outages["remove"] = DOWN
    recovery = recover(live, operator)
    assert (recovery.state, recovery.can_be_witnessed) == (Recovery.State.FAILED, False)
    with pytest.raises(WrongState, match="looks itself"):
        live.witness_gone(by=operator, note="Gone, I think.")


def test_asking_twice_tells_once(live, operator, second_operator):
    live.recover(by=operator, reason="Wrong price")
    live.recover(by=second_operator, reason="Wrong price, I say")
    assert Notice.objects.filter(kind="recovery.requested").count() == 1


def test_asking_for_review_twice_tells_once(live, operator):
    for reason in ("Wrong price", "Wrong price, please"):
        live.recover(by=operator, reason=reason, urgency="review")
    assert Notice.objects.filter(kind="recovery.requested").count() == 1


@pytest.mark.django_db(transaction=True)
def test_asking_again_is_no_error_while_workers_are_at_it(author, operator, together):
    page = make.account("facebook", "1001")
    for number in range(5):
        live = make.published(make.draft(page, author, text=f"Post {number}"), operator)
        recovery = live.recover(by=operator, reason="Wrong price")
        assert not together(
            lambda pk=recovery.pk: Recovery.objects.get(pk=pk).claim(),
            lambda pk=live.pk: Publication.objects.get(pk=pk).recover(by=operator, reason="Wrong price"),
            lambda pk=live.pk: Publication.objects.get(pk=pk).recover(by=operator, reason="Wrong price"),
        )
