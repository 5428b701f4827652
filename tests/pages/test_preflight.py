from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Preflight
from publishing.tasks import look_around
from tests import make
from tests.draining import drain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(clock):
    """What is planned within hours is of today, at whatever hour the tests run."""
    clock.move_to(timezone.now().replace(hour=12))


@pytest.fixture
def ill(page, operator):
    """Planned for the evening, and checked: somebody changed it behind everybody's back."""
    publication = make.approved(make.draft(page, operator), operator, at=timezone.now() + timedelta(hours=10))
    make.behind_the_back(publication, text="Something else.")
    look_around()
    drain()
    return publication


def test_the_page_says_what_was_found_and_what_to_do(desk, ill):
    shown = desk.get(ill.get_absolute_url()).content.decode()
    assert "Would it go out?" in shown
    assert "Changed since approval: text, link" in shown
    assert "Reopen its draft, correct it and approve it again." in shown


def test_the_queue_and_the_home_page_carry_a_badge(desk, ill):
    for address in ("/queue/", "/queue/?state=queued", "/"):
        assert "Would fail" in desk.get(address).content.decode(), address


def test_a_badge_costs_no_query_of_its_own(desk, ill, page, operator, queries_of):
    before = queries_of(desk, "/queue/?state=queued"), queries_of(desk, "/")
    for n in range(3):
        make.approved(make.draft(page, operator, text=f"Post {n}."), operator, at=timezone.now() + timedelta(hours=5))
    look_around()
    drain()
    assert (queries_of(desk, "/queue/?state=queued"), queries_of(desk, "/")) == before


def test_the_button_checks_now(desk, ill):
    answer = desk.post(f"/queue/{ill.pk}/preflight", follow=True)
    assert "Being checked." in answer.content.decode()
    drain()
    assert Preflight.objects.count() == 2


def test_whoever_may_only_look_has_no_button(signed_in, viewer, ill):
    browser = signed_in(viewer)
    assert "Check now" not in browser.get(ill.get_absolute_url()).content.decode()
    answer = browser.post(f"/queue/{ill.pk}/preflight")
    assert answer.status_code == 403
    assert "may not retry, reschedule, cancel or settle" in answer.content.decode()


def test_a_check_of_what_is_cancelled_is_refused(desk, ill, operator):
    ill.refresh_from_db()
    ill.cancel(by=operator)
    answer = desk.post(f"/queue/{ill.pk}/preflight")
    assert (answer.status_code, "it is cancelled" in answer.content.decode()) == (409, True)
    assert "Would it go out?" not in answer.content.decode()
