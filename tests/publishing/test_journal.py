"""What the platform has of a post before its time, step by step, and what becomes of it when workers come and go."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Preparation, Publication, Step
from publishing.platforms import memory
from publishing.platforms.base import Fate, Finding, Kind, NotYet, PlatformError
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from sophia.refusals import WrongState
from tests import make
from tests.draining import drain

State = Publication.State


@pytest.fixture
def soon(draft, operator, clock):
    """Due in three minutes; a worker may prepare it in one."""
    return make.approved(draft, operator, at=timezone.now() + timedelta(minutes=3))


def move(clock, publication, before=timedelta()):
    clock.move_to(publication.publish_at - before + timedelta(milliseconds=1))
    drain()
    publication.refresh_from_db()


def test_the_intent_is_committed_before_the_call_leaves(soon, clock, monkeypatch):
    seen = []
    monkeypatch.setattr(memory.Memory, "_create", lambda self, content: seen.append(Step.objects.get()) or "k-1")
    move(clock, soon, before=timedelta(minutes=2))
    assert (seen[0].name, seen[0].external_id, seen[0].made_at) == ("post", "", None)
    assert Step.objects.get().external_id == "k-1"


def test_what_was_made_before_its_worker_died_is_used_by_the_next(soon, clock, settings, outbox):
    clock.move_to(soon.publish_at - timedelta(minutes=2))
    dead = soon.claim_ahead()
    with soon.account.reaching() as platform:
        platform.prepare(soon.outline(), soon.journal(dead.token))
    clock.tick(settings.SOPHIA_LEASE + timedelta(seconds=1))
    sweep()
    move(clock, soon)
    assert soon.is_live
    assert outbox[0].reference["key"] == Step.objects.get().external_id


def test_a_worker_killed_while_it_prepares_at_its_time_is_followed(publication, clock, settings, outbox):
    token = publication.claim().token
    with publication.account.reaching() as platform:
        platform.prepare(publication.outline(), publication.journal(token))
    for _ in range(4):
        clock.tick(settings.SOPHIA_LEASE)
        sweep()
        drain()
    assert [posted.reference["key"] for posted in outbox] == [Step.objects.get().external_id]


def test_waiting_for_the_platform_is_no_try_and_no_news(publication, clock, outbox):
    memory.processing.extend([None] * 3)
    for _ in range(8):
        drain()
        clock.tick(timedelta(seconds=1))
    publication.refresh_from_db()
    attempt = publication.attempts.get()
    assert (publication.is_live, publication.tries(), attempt.outcome) == (True, 1, "published")
    assert [call["verb"] for call in attempt.calls] == ["prepare", "commit"]
    assert set(Notice.objects.filter(kind__startswith="publication.").values_list("kind", flat=True)) == {
        "publication.publishing",
        "publication.published",
    }


def test_no_worker_holds_a_post_that_the_platform_works_on(publication):
    memory.processing.append(None)
    publication.publish()
    publication.refresh_from_db()
    assert (publication.state, publication.claim_token) == (State.QUEUED, None)
    assert publication.publish_at - timezone.now() <= timedelta(seconds=1)
    assert publication.reason == "Memory is still processing the post."


def test_a_platform_that_works_for_half_an_hour_has_failed(publication, clock):
    publication.account.client.lateness_limit = timedelta(hours=2)
    publication.account.client.save()
    memory.processing.extend([None] * 90)
    for _ in range(37):
        drain()
        clock.tick(timedelta(minutes=1))
    publication.refresh_from_db()
    assert publication.state == State.FAILED
    assert "still processing" in publication.reason
    assert "30 minutes" in publication.reason


def test_it_is_asked_ahead_of_its_time_until_it_is_done(soon, clock):
    memory.processing.extend([None] * 2)
    move(clock, soon, before=timedelta(minutes=2))
    assert soon.reference is None
    for _ in range(3):
        clock.tick(timedelta(seconds=1))
        drain()
    soon.refresh_from_db()
    assert soon.reference["key"] in memory.prepared
    assert soon.attempts.get().outcome == "prepared"


def test_a_person_who_sets_it_anew_begins_a_new_attempt(publication, operator, clock):
    memory.processing.append(None)
    publication.publish()
    clock.tick(timedelta(minutes=1))
    publication.refresh_from_db()
    publication.reschedule(by=operator, at=timezone.now())
    drain()
    assert [attempt.outcome for attempt in publication.attempts.all()] == ["working", "published"]


def test_a_step_that_was_changed_behind_the_back_is_not_used(soon, clock, outbox):
    memory.processing.extend([None] * 9)
    move(clock, soon, before=timedelta(minutes=2))
    make.behind_the_back(Step.objects.get(), external_id="another")
    memory.processing.clear()
    move(clock, soon)
    assert (soon.state, outbox) == (State.FAILED, [])
    assert "not what Sophia prepared" in soon.reason


def test_a_step_that_was_changed_behind_the_back_is_not_removed(soon, operator, clock):
    memory.processing.extend([None] * 9)
    move(clock, soon, before=timedelta(minutes=2))
    memory.prepared["foreign"] = soon.outline()
    make.behind_the_back(Step.objects.get(), external_id="foreign")
    soon.cancel(by=operator)
    sweep()
    drain()
    assert "foreign" in memory.prepared


def test_a_new_key_seals_the_steps_too(soon, clock, settings):
    move(clock, soon, before=timedelta(minutes=2))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "x" * 60
    soon.renew_seal()
    settings.SECRET_KEY_FALLBACKS = []
    assert Step.objects.get().is_ours


def test_a_worker_that_has_lost_its_claim_makes_nothing(soon, clock, settings):
    clock.move_to(soon.publish_at - timedelta(minutes=2))
    slow = soon.claim_ahead()
    clock.tick(settings.SOPHIA_LEASE + timedelta(seconds=1))
    Publication.objects.get(pk=soon.pk).leave_behind()
    slow.prepare_ahead()
    assert (memory.prepared, Step.objects.exists()) == ({}, False)


def test_what_is_made_after_the_claim_is_lost_is_removed(soon, clock, settings):
    """The slow worker may not go on, and what its call has made all the same is no part of anything."""
    clock.move_to(soon.publish_at - timedelta(minutes=2))
    slow = soon.claim_ahead()
    journal = soon.journal(slow.token)
    journal.intend("post")
    clock.tick(settings.SOPHIA_LEASE + timedelta(seconds=1))
    sweep()
    drain()
    memory.prepared["late"] = soon.outline()
    with pytest.raises(WrongState):
        journal.keep("post", "late")
    move(clock, soon)
    sweep()
    drain()
    assert (soon.is_live, memory.prepared) == (True, {})


def test_what_turns_up_after_it_was_cleared_away_is_removed(soon, operator, clock, settings):
    clock.move_to(soon.publish_at - timedelta(minutes=2))
    journal = soon.journal(soon.claim_ahead().token)
    journal.intend("post")
    Publication.objects.get(pk=soon.pk).cancel(by=operator)
    clock.tick(settings.SOPHIA_LEASE + timedelta(seconds=1))
    for _ in range(9):
        sweep()
        drain()
        clock.tick(timedelta(minutes=1))
    assert Preparation.objects.get().next_at is None
    memory.prepared["late"] = soon.outline()
    with pytest.raises(WrongState):
        journal.keep("post", "late")
    sweep()
    drain()
    assert memory.prepared == {}


def test_only_half_of_what_is_prepared_is_cleared_away_too(soon, operator, clock):
    memory.processing.extend([None] * 9)
    move(clock, soon, before=timedelta(minutes=2))
    soon.cancel(by=operator)
    sweep()
    drain()
    assert (memory.prepared, Preparation.objects.get().end) == ({}, "dropped")


def test_what_was_prepared_before_there_was_a_journal_is_cleared_away(soon, operator, clock):
    move(clock, soon, before=timedelta(minutes=2))
    Step.objects.all().delete()
    Preparation.objects.all().delete()
    soon.cancel(by=operator)
    sweep()
    drain()
    soon.refresh_from_db()
    assert (soon.reference, memory.prepared) == (None, {})


def test_what_nobody_can_tell_keeps_its_reference_when_it_is_cleared_away(soon, operator, clock, monkeypatch):
    move(clock, soon, before=timedelta(minutes=2))
    memory.fail_next("commit", PlatformError(Kind.REJECTED, "No."))
    move(clock, soon)
    monkeypatch.setattr(memory.Memory, "find", lambda *arguments: Finding(Fate.UNSURE))
    sweep()
    drain()
    soon.refresh_from_db()
    assert (soon.state, soon.reference["key"] in memory.prepared, soon.prepared_at) == (State.FAILED, True, None)


def test_a_quiet_claim_is_given_back_by_its_owner_alone(soon, clock):
    clock.move_to(soon.publish_at - timedelta(minutes=2))
    ours = soon.claim_ahead().token
    assert not soon.give_back(uuid.uuid4())
    soon.refresh_from_db()
    assert soon.claim_token == ours


def test_a_live_lease_is_left_alone(soon, clock):
    clock.move_to(soon.publish_at - timedelta(minutes=2))
    ours = soon.claim_ahead().token
    soon.leave_behind()
    soon.refresh_from_db()
    assert soon.claim_token == ours


def test_what_a_worker_holds_is_not_cleared_away(soon, operator, clock):
    clock.move_to(soon.publish_at - timedelta(minutes=2))
    soon.journal(soon.claim_ahead().token).intend("post")
    Publication.objects.get(pk=soon.pk).cancel(by=operator)
    assert not Publication.objects.to_clear_away(timezone.now())
    assert Publication.objects.get(pk=soon.pk).claim_discard() is None


def test_a_worker_killed_in_the_direct_commit_never_publishes_twice(publication, clock, settings, outbox):
    """What it wrote before the call is all that the next one knows."""
    publication.account.use_direct_way()
    memory.fail_next("commit", Killed(), after=True)
    with pytest.raises(Killed):
        publication.publish()
    attempt = publication.attempts.get()
    assert (attempt.committing_at, attempt.way, attempt.ended_at) == (timezone.now(), "direct", None)
    for _ in range(40):
        clock.tick(settings.SOPHIA_LEASE)
        sweep()
        drain()
    publication.refresh_from_db()
    assert len(outbox) == 1
    assert publication.state not in {State.QUEUED, State.FAILED}


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


def test_the_public_sees_it_a_second_after_the_platform_is_done(publication, clock):
    begun = timezone.now()
    memory.processing.extend([None] * 3)
    while not publication.is_live:
        clock.tick(timedelta(milliseconds=100))
        drain()
        publication.refresh_from_db()
    assert timezone.now() - begun <= timedelta(seconds=3.5)


def test_out_of_time_goes_on_at_once(publication, clock):
    publication.publish_at = timezone.now()
    error = NotYet("The time of this run is used up.", working=False)
    assert publication.pause_after(error) == timedelta(seconds=1)


def test_a_preparation_is_closed_whole_or_not_at_all(soon, clock, settings):
    move(clock, soon, before=timedelta(minutes=2))
    settings.SOPHIA_PLATFORMS = {}  # As a worker that is killed in the middle of closing.
    with pytest.raises(KeyError):
        soon.preparations.end("dropped")
    assert soon.preparations.open().exists()


@pytest.mark.parametrize("how", ["confirm_by_hand", "recognise"])
def test_what_a_person_finds_to_be_out_has_used_what_was_prepared(publication, operator, outbox, how):
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)
    publication.publish()
    publication.refresh_from_db()
    if how == "recognise":
        publication.candidates.keep(publication.pk, [outbox[0].listed])
        make.behind_the_back(publication, state=State.MISSED, suspected_at=timezone.now())
        publication.recognise(publication.candidates.get(), by=operator)
    else:
        publication.confirm_by_hand(by=operator, receipt=outbox[0].receipt)
    assert publication.preparations.get().end == "used"
