import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tests import make
from tests.calendar.conftest import FRIDAY, NOON


def slot(browser, publication, **asked):
    answer = browser.get(reverse("calendar:slot", args=[publication.pk]), asked)
    return answer.status_code, json.loads(answer.content)


def test_a_slot_is_judged_by_the_rule_of_the_account(desk, planned, page, author, operator):
    planned.account.connect(min_gap=timedelta(hours=2))
    make.approved(make.draft(page, author), operator, at=FRIDAY + timedelta(hours=4))
    status, told = slot(desk, planned, at="2026-11-27T13:00")
    assert status == 200
    assert told["because"] == "Between two posts of the account lie at least 2 hours."
    assert (told["never"], told["next"]["typed"]) == (False, "2026-11-27T16:00")
    assert slot(desk, planned, at="2026-11-27T12:00")[1]["because"] == ""


def test_a_slot_that_is_past_is_never_one(desk, planned):
    told = slot(desk, planned, at="2026-11-25T11:00")[1]
    assert told["never"]
    assert "is past" in told["because"]


@pytest.mark.parametrize(
    "asked", [{"at": "x"}, {}, {"onto": "2026-02-30"}, {"at": "9999-01-01T10:00"}, {"at": "2026-03-29T01:30"}]
)
def test_what_is_no_time_is_refused(desk, planned, asked):
    status, told = slot(desk, planned, **asked)
    assert (status, told["never"]) == (422, True)


def test_another_day_keeps_the_time_of_day_where_the_clock_was_changed(desk, planned):
    assert slot(desk, planned, onto="2027-06-01")[1]["typed"] == "2027-06-01T10:00"


def test_closed_times_are_told_for_what_is_shown(desk, planned, page, author, operator):
    planned.account.connect(min_gap=timedelta(hours=2))
    make.approved(make.draft(page, author), operator, at=FRIDAY + timedelta(hours=4))
    address = reverse("calendar:openings", args=[planned.pk])
    closed = desk.get(address).json()["closed"]
    assert [(each["from"], each["until"]) for each in closed] == [
        ("2026-11-27T12:01:00+00:00", "2026-11-27T16:00:00+00:00")
    ]
    assert desk.get(address, {"week": "2026-W50"}).json()["closed"] == []


@pytest.mark.parametrize("name", ["slot", "openings"])
def test_only_operators_are_told_about_slots(signed_in, author, planned, name):
    assert signed_in(author).get(reverse(f"calendar:{name}", args=[planned.pk])).status_code == 403


def move(browser, publication, **typed):
    answer = browser.post(f"/calendar/move/{publication.pk}/?week=2026-W48&evil=1", typed)
    publication.refresh_from_db()
    return answer


def test_moving_leads_back_to_the_same_week(desk, planned):
    answer = move(desk, planned, at="2026-11-28T11:00")
    assert answer["Location"] == "/calendar/?week=2026-W48"
    assert planned.publish_at == FRIDAY + timedelta(days=1, hours=1)


def test_a_dropped_time_comes_with_its_offset(desk, planned):
    move(desk, planned, at="2026-11-28T11:00:00+10:30")
    assert planned.publish_at == datetime(2026, 11, 28, 0, 30, tzinfo=UTC)


def test_a_refusal_keeps_what_was_typed_and_moves_nothing(desk, planned, page, author, operator):
    planned.account.connect(min_gap=timedelta(hours=2))
    make.approved(make.draft(page, author), operator, at=FRIDAY + timedelta(hours=4))
    answer = move(desk, planned, at="2026-11-27T13:00")
    assert answer.status_code == 422
    assert "The next free slot is Fri 27 Nov 16:00 Europe/Lisbon" in answer.text
    assert 'value="2026-11-27T13:00"' in answer.text
    assert planned.publish_at == FRIDAY


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("", "Choose a day and a time."),
        ("soon", "is not a time"),
        ("2026-11-25T11:00", "is past"),
        ("a\0b", "Null characters"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(desk, planned, at, said):
    answer = move(desk, planned, at=at)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert planned.publish_at == FRIDAY


def test_a_time_more_than_a_year_ahead_asks_why(desk, planned):
    answer = move(desk, planned, at="2062-06-01T09:00")
    assert (answer.status_code, 'name="although"' in answer.text, planned.publish_at) == (422, True, FRIDAY)
    move(desk, planned, at="2062-06-01T09:00", although="The centenary.")
    assert (planned.publish_at.year, "The centenary." in planned.reason) == (2062, True)


def test_what_is_being_published_is_not_moved(desk, planned):
    make.behind_the_back(planned, state="publishing", claim_token="1" * 32, claimed_until=NOON + timedelta(minutes=1))
    answer = move(desk, planned, at="2026-11-28T11:00")
    assert (answer.status_code, "it is publishing" in answer.text) == (409, True)
    assert "has no time that could be changed" in desk.get(f"/calendar/move/{planned.pk}/").text


def test_an_author_may_not_move(signed_in, author, planned):
    browser = signed_in(author)
    assert move(browser, planned, at="2026-11-28T11:00").status_code == 403
    assert "You may not move publications" in browser.get(f"/calendar/move/{planned.pk}/").text
    assert planned.publish_at == FRIDAY


def test_a_missed_one_is_offered_its_next_free_slot(desk, planned, clock):
    make.behind_the_back(planned, state="missed", publish_at=NOON - timedelta(days=1))
    assert 'value="2026-11-25T12:05"' in desk.get(f"/calendar/move/{planned.pk}/").text
    move(desk, planned, at="2026-11-25T12:05")
    assert planned.get_state_display() == "queued"


def test_what_is_not_there_is_not_found(desk):
    for address in ["/calendar/move/99/", "/calendar/move/99/slot", "/calendar/move/99/openings"]:
        assert desk.get(address).status_code == 404
