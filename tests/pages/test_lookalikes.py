from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make


@pytest.fixture
def live(draft, operator):
    return make.published(draft, operator)


@pytest.fixture
def twin(live, page, author, operator):
    """Queued, and held since the live one is being taken down."""
    queued = make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(hours=3))
    live.recover(by=operator, reason="Wrong price")
    return queued


def read(browser, thing):
    return browser.get(getattr(thing, "get_absolute_url", lambda: thing)()).content.decode()


def post(browser, verb, publication, **typed):
    return browser.post(reverse(f"publishing:{verb}", args=[publication.pk]), typed)


@pytest.mark.parametrize("address", ["/", "/queue/", "/queue/?needs=lookalike", "/queue/?state=queued"])
def test_every_list_says_what_it_looks_like_and_offers_both_buttons(desk, twin, live, address):
    page = read(desk, address)
    assert f"looks like what you just took down (publication {live.pk})" in page
    assert reverse("publishing:release", args=[twin.pk]) in page
    assert reverse("publishing:cancel", args=[twin.pk]) in page


def test_its_own_page_says_why_it_is_held(desk, twin, live):
    page = read(desk, twin)
    assert "It looks like what you just took down" in page
    assert "the same text" in page
    assert live.get_absolute_url() in page
    assert "Release it or cancel it." in page  # Among its gates.


def test_releasing_it_leads_back_to_where_one_was(desk, twin, live):
    assert post(desk, "release", twin)["Location"] == twin.get_absolute_url()
    answer = post(desk, "release", twin, back=live.pk)
    assert (answer.status_code, "not held as a lookalike" in answer.content.decode()) == (409, True)
    assert post(desk, "cancel", twin, back=live.pk)["Location"] == live.get_absolute_url()


def test_the_page_of_what_came_down_lists_its_twins(desk, twin, live):
    page = read(desk, live)
    assert twin.get_absolute_url() in page
    assert f'name="back" value="{live.pk}"' in page
    post(desk, "release", twin, note="Fine there.")
    assert "released by olga: Fine there." in read(desk, live)


def test_a_viewer_sees_that_it_is_held_and_no_button(signed_in, viewer, twin):
    page = read(signed_in(viewer), twin)
    assert "It looks like what you just took down" in page
    assert reverse("publishing:release", args=[twin.pk]) not in page
    assert post(signed_in(viewer), "release", twin).status_code == 403


def test_taking_down_tells_what_is_held_and_what_is_too_late(desk, live, page, author, operator):
    going = make.approved(make.draft(page, author), operator)
    going.claim()
    queued = make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(hours=3))
    typed = {"reason": "Wrong price", "urgency": "immediate", "sure": "on"}
    said = desk.post(reverse("publishing:recover", args=[live.pk]), typed, follow=True).content.decode()
    assert f"Held, because it looks the same: publication {queued.pk}. Release or cancel each." in said
    assert f"{going} has the same text as publication {live.pk} and is with Facebook already. It is not stopped" in said


def test_a_missed_one_warns_before_it_is_sent(desk, live, page, author, operator, clock):
    missed = make.approved(make.draft(page, author), operator)
    clock.tick(timedelta(hours=1))
    missed.publish()
    assert "It looks like what was taken down" not in read(desk, missed)
    live.recover(by=operator, reason="Wrong price")
    page = read(desk, missed)
    assert "It looks like what was taken down" in page
    assert live.get_absolute_url() in page


def test_a_longer_queue_of_twins_asks_the_database_no_more(desk, twin, live, page, author, operator, queries_of):
    few = queries_of(desk, "/queue/")
    for number in range(4):
        make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(hours=4 + number))
    make.published(make.draft(page, author), operator).recover(by=operator, reason="Wrong price")
    assert queries_of(desk, "/queue/") <= few
