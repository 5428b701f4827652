from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, Refused, WrongState
from tests import make
from tests.draining import drain


@pytest.fixture
def failed(publication):
    memory.fail_next("prepare", PlatformError(Kind.REJECTED, "The photo is broken."))
    publication.publish()
    publication.refresh_from_db()
    return publication


def test_a_cancelled_one_does_not_go_out(publication, operator, outbox):
    publication.cancel(by=operator)
    drain()
    assert not outbox


def test_a_live_one_cannot_be_cancelled(draft, operator):
    with pytest.raises(WrongState, match="Take it down instead"):
        make.published(draft, operator).cancel(by=operator)


def test_a_rejection_of_the_platform_is_final_and_says_why(failed):
    assert (failed.state, failed.reason) == (Publication.State.FAILED, "The photo is broken.")


def test_a_person_can_try_a_failed_one_again(failed, operator, outbox):
    failed.retry(by=operator)
    drain()
    assert len(outbox) == 1


def test_a_rescheduled_one_goes_out_at_its_new_time(publication, operator, outbox, clock):
    later = timezone.now() + timedelta(minutes=2)
    publication.reschedule(by=operator, at=later)
    drain()
    assert not outbox
    clock.move_to(later)
    drain()
    assert len(outbox) == 1


def test_it_cannot_be_rescheduled_into_the_past(publication, operator):
    with pytest.raises(Refused, match="is past"):
        publication.reschedule(by=operator, at=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize("verb", ["cancel", "retry", "reschedule"])
def test_a_viewer_operates_nothing(failed, viewer, verb):
    options = {"at": timezone.now()} if verb == "reschedule" else {}
    with pytest.raises(NotAllowed):
        getattr(failed, verb)(by=viewer, **options)


def test_it_is_found_by_id_permalink_and_post_id(draft, operator):
    live = make.published(draft, operator)
    for name in (str(live.pk), live.permalink, live.post_id, f" {live.post_id} "):
        assert Publication.objects.named(name) == live


@pytest.mark.parametrize("name", ["", "nonsense", "9" * 40, "-1", "٣"])
def test_a_name_that_nothing_has_is_refused(publication, name):
    with pytest.raises(Refused, match="No publication"):
        Publication.objects.named(name)


def test_a_link_that_stands_for_two_is_not_guessed(draft, page, operator):
    for each in (draft, make.draft(page, operator)):
        publication = make.approved(each, operator, mode=Publication.Mode.MANUAL)
        publication.publish()
        publication.confirm_by_hand(by=operator, link="https://facebook.example/1")
    with pytest.raises(Refused, match="Name one by its id"):
        Publication.objects.named("https://facebook.example/1")


def test_a_stranger_takes_nothing_out_of_the_queue(publication, stranger):
    with pytest.raises(NotAllowed):
        publication.withdraw(by=stranger)


def test_being_told_to_wait_again_and_again_is_told_once(publication, clock):
    for _ in range(5):
        memory.fail_next("prepare", PlatformError(Kind.WAIT, "Still processing.", wait=timedelta(seconds=10)))
        publication.publish()
        clock.tick(timedelta(seconds=11))
    assert Notice.objects.filter(kind="publication.delayed").count() == 1
