from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.models import Recovery
from publishing.platforms.base import Receipt, Seen
from tests import make
from tests.admin.conftest import said
from tests.draining import carry_out, drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(draft, operator):
    return make.approved(draft, operator, at=timezone.now() + timedelta(days=1))


@pytest.fixture
def live(draft, operator):
    return make.published(draft, operator)


def test_a_publication_is_moved_on_the_clock_of_the_client(act, later, operator):
    answer = act(operator, "reschedule", later, typed={"at": "2099-07-01T09:00", "although": "A test."})

    later.refresh_from_db()
    assert later.publish_at.isoformat() == "2099-07-01T08:00:00+00:00"
    assert "Wed 01 Jul 2099 09:00 Europe/Lisbon" in said(answer)


def test_no_time_asks_again(act, later, operator):
    answer = act(operator, "reschedule", later, typed={"at": ""})

    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()


def test_a_publication_is_cancelled(act, later, operator):
    act(operator, "cancel", later, typed={"reason": "Sold out"})

    later.refresh_from_db()
    assert (later.is_cancelled, later.reason) == (True, "olga cancelled it. Sold out")


def test_what_failed_is_tried_again(act, later, operator):
    later.stop("Broken")

    act(operator, "retry", later)

    later.refresh_from_db()
    assert later.state == "queued"
    assert later.publish_at <= timezone.now()


def test_what_cannot_be_is_told_for_each(act, live, operator):
    assert "Take it down instead" in said(act(operator, "cancel", live, typed={"reason": ""}))


def test_a_worker_takes_down_what_the_action_asks_for(act, live, operator, outbox):
    answer = act(operator, "recover", live, typed={"reason": "Wrong price", "urgency": "immediate"})
    assert "a worker is taking it down" in said(answer)
    assert outbox[0].live

    drain()
    carry_out(live.recoveries.get())

    live.refresh_from_db()
    assert live.state == "recovered"
    assert live.recoveries.get().via == "admin"


def test_a_filed_recovery_waits_and_can_be_dismissed(act, live, operator, outbox):
    act(operator, "recover", live, typed={"reason": "Wrong price", "urgency": "review"})
    drain()
    assert outbox[0].live

    act(operator, "dismiss", Recovery.objects.get(), typed={"reason": "It is right"})

    assert Recovery.objects.get().state == "dismissed"


def test_a_finished_recovery_keeps_who_executed_it(act, live, operator, second_operator):
    recovery = live.recover(by=operator, reason="Wrong price")
    carry_out(recovery)

    answer = act(second_operator, "start", recovery)

    recovery.refresh_from_db()
    assert recovery.executed_by == operator
    assert "Cannot start recovery" in said(answer)


def test_a_filed_recovery_can_be_carried_out(act, live, operator, outbox):
    recovery = live.recover(by=operator, reason="Wrong price", urgency="review")

    act(operator, "start", recovery)
    drain()

    assert not outbox[0].live


@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("retry", {}),
        ("reschedule", {"at": "2099-07-01T09:00", "although": "A test."}),
        ("cancel", {"reason": "x"}),
        ("recover", {"reason": "x", "urgency": "immediate"}),
    ],
)
def test_a_viewer_who_forges_the_form_is_refused(act, later, viewer, action, typed):
    before = later.publish_at

    act(viewer, action, later, typed=typed)

    later.refresh_from_db()
    assert (later.state, later.publish_at) == ("queued", before)
    assert not Recovery.objects.exists()


def test_a_viewer_takes_nothing_down(act, live, viewer, outbox):
    act(viewer, "recover", live, typed={"reason": "x", "urgency": "immediate"})
    drain()

    assert outbox[0].live


def test_a_viewer_starts_no_filed_recovery(act, live, viewer, operator, outbox):
    recovery = live.recover(by=operator, reason="Wrong price", urgency="review")

    act(viewer, "start", recovery)
    drain()

    assert outbox[0].live


def test_a_time_beyond_the_horizon_is_refused(act, publication, operator):
    before = publication.publish_at
    assert "is too far away" in said(act(operator, "reschedule", publication, typed={"at": "9999-12-31T23:59"}))
    publication.refresh_from_db()
    assert publication.publish_at == before


def test_its_page_shows_which_posts_may_be_it(live, boss, signed_in):
    live.candidates.pasted(live.pk, Seen(Receipt("1001_9", "https://facebook.com/9"), "Fresh bread."))
    assert "1001_9" in signed_in(boss).get(reverse("admin:publishing_publication_change", args=[live.pk])).text
