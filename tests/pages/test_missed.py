from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.models import Publication
from tests import make

State = Publication.State
URL = reverse("publishing:missed")


@pytest.fixture
def missed(page, author, operator, clock):
    """Three that passed their time, on an account with an hour between two posts."""
    rows = [make.approved(make.draft(page, author, text=f"Post {number}"), operator) for number in range(3)]
    clock.tick(timedelta(minutes=31))
    for row in rows:
        row.publish()
    page.min_gap = timedelta(hours=1)
    page.save()
    return rows


def post(browser, how, rows):
    return browser.post(URL, {"how": how, "pk": [row.pk for row in rows]}, follow=True).content.decode()


def fresh(rows):
    return [Publication.objects.get(pk=row.pk) for row in rows]


def test_the_list_of_the_missed_offers_what_can_be_done(desk, missed):
    page = desk.get(reverse("publishing:queue"), {"needs": "missed"}).content.decode()
    assert page.count('type="checkbox"') == 3
    assert 'name="how" value="slot"' in page


def test_who_may_not_operate_is_offered_nothing(signed_in, viewer, missed):
    page = signed_in(viewer).get(reverse("publishing:queue"), {"needs": "missed"}).content.decode()
    assert 'name="how"' not in page
    assert "vera may not" in post(signed_in(viewer), "drop", missed)
    assert {row.state for row in fresh(missed)} == {State.MISSED}


def test_the_slots_are_shown_before_they_are_taken(desk, missed, clock):
    now = timezone.now()
    page = desk.get(URL, {"how": "slot", "pk": [row.pk for row in missed]}).content.decode()
    for hours in range(3):
        local = missed[0].account.local(now + timedelta(hours=hours))
        assert local.isoformat(timespec="seconds") in page
    assert {row.state for row in fresh(missed)} == {State.MISSED}
    post(desk, "slot", missed)
    assert [row.publish_at - now for row in fresh(missed)] == [timedelta(hours=hours) for hours in range(3)]


def test_now_means_now_and_keeps_the_reason(desk, missed, clock):
    assert "at least 1 hour" not in desk.get(URL, {"how": "now", "pk": missed[0].pk}).content.decode()
    post(desk, "now", missed[:2])
    rows = fresh(missed)
    assert [row.publish_at for row in rows[:2]] == [timezone.now()] * 2
    assert "Sent at once" in rows[0].cadence_override
    assert rows[2].state == State.MISSED


def test_dropping_cancels_each(desk, missed):
    assert "olga cancelled it." in post(desk, "drop", missed)
    assert {row.state for row in fresh(missed)} == {State.CANCELLED}


def test_a_second_click_does_nothing_more(desk, missed):
    post(desk, "slot", missed[:1])
    before = fresh(missed)[0].publish_at
    assert "It is queued: nothing was done." in post(desk, "slot", missed[:1])
    assert fresh(missed)[0].publish_at == before


def test_of_many_one_press_settles_those_that_were_shown_and_shows_the_rest(desk, missed, monkeypatch):
    monkeypatch.setattr("publishing.missed.AT_ONE_PRESS", 2)
    shown = desk.get(URL, {"how": "drop", "pk": [row.pk for row in missed]})
    assert "2 at one press." in shown.text
    assert [row.pk for row, _, _ in shown.context["rows"]] == [row.pk for row in missed[:2]]
    typed = {"how": "drop", "pk": [row.pk for row in missed[:2]], "later": [missed[2].pk]}
    answer = desk.post(URL, typed, follow=True)
    assert [row.state for row in fresh(missed)] == [State.CANCELLED, State.CANCELLED, State.MISSED]
    assert [row.pk for row, _, _ in answer.context["rows"]] == [missed[2].pk]


def test_more_than_one_press_settles_are_not_settled_by_a_longer_form(desk, missed, monkeypatch):
    monkeypatch.setattr("publishing.missed.AT_ONE_PRESS", 2)
    post(desk, "drop", missed)
    assert [row.state for row in fresh(missed)] == [State.CANCELLED, State.CANCELLED, State.MISSED]


@pytest.mark.parametrize(
    "typed", [{}, {"how": "now"}, {"how": "x", "pk": "1"}, {"how": "now", "pk": "x"}, {"how": "now", "pk": "99"}]
)
def test_nothing_chosen_is_said(desk, missed, typed):
    assert "Choose the publications first" in desk.get(URL, typed, follow=True).content.decode()
    assert {row.state for row in fresh(missed)} == {State.MISSED}


def test_one_missed_publication_has_three_buttons(desk, missed):
    page = desk.get(missed[0].get_absolute_url()).content.decode()
    for how in ("now", "slot", "drop"):
        assert f"{URL}?how={how}&amp;pk={missed[0].pk}" in page
