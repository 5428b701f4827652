"""Read back with a parser of the test's own."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.utils import timezone

from publishing.calendar import ics
from publishing.models import Feed
from sophia.refusals import NotAllowed, WrongState
from tests import make
from tests.draining import carry_out


def unfolded(text):
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def events_of(text):
    """Each as {name: value}, with what was escaped as it was."""
    found = []
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        if found:
            found[-1][name] = (
                value.replace("\\\\", "\0")
                .replace("\\n", "\n")
                .replace("\\,", ",")
                .replace("\\;", ";")
                .replace("\0", "\\")
            )
    return found


@pytest.fixture
def feed(page, operator):
    return Feed.objects.make(page.client, by=operator)


@pytest.fixture
def path(feed):
    return feed.link.removeprefix("http://testserver")


def event(text="Words", **details):
    at = timezone.now()
    known = {"uid": "1@here", "at": at, "description": "", "status": "CONFIRMED", "address": "http://here/"}
    return ics.Event(summary=text, **(known | details))


@pytest.mark.parametrize(
    "text",
    [
        "Bread, butter; and more\\less",
        "Line one\nline two",
        "é" * 200,
        "👩‍👩‍👧‍👦 family 🍞" * 20,
        "x" * 63 + "🍞" * 40,
        "“Quotes” and : colons",
    ],
)
def test_any_text_comes_back_as_it_was(text):
    [found] = events_of(ics.written("A, B", [event(text)], timezone.now(), "PT30M"))
    assert found["SUMMARY"] == text


@pytest.mark.parametrize(
    ("text", "shown"), [("a\rb", "a\nb"), ("a\0b\x07c", "abc"), ("a\r\nBEGIN:VEVENT", "a\nBEGIN:VEVENT")]
)
def test_no_text_breaks_out_of_its_line(text, shown):
    [found] = events_of(ics.written("A", [event(text)], timezone.now(), "PT30M"))
    assert found["SUMMARY"] == shown


def test_a_feed_tells_when_a_post_goes_out(client, path, draft, operator, clock):
    clock.move_to("2026-11-25T12:00:00Z")
    planned = make.approved(draft, operator, at=timezone.now() + timedelta(days=1))
    answer = client.get(path)
    [found] = events_of(answer.text)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (found["DTSTART"], found["DTSTAMP"]) == ("20261126T120000Z", "20261125T120000Z")
    assert (found["SUMMARY"], found["STATUS"]) == ("Planned: Fresh bread at seven.", "CONFIRMED")
    assert found["URL"] == f"http://testserver{planned.get_absolute_url()}"
    assert found["UID"] == f"publication-{planned.pk}@testserver"


def test_a_feed_says_how_often_to_look(client, path):
    lines = unfolded(client.get(path).text)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sophia//Calendar//EN"]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT30M" in lines


def test_what_was_stopped_or_taken_down_is_cancelled(client, path, page, author, operator):
    later = timezone.now() + timedelta(hours=2)
    make.approved(make.draft(page, author, text="Stopped."), operator, at=later).cancel(by=operator)
    out = make.published(make.draft(page, author, text="Out."), operator)
    carry_out(out.recover(by=operator, reason="Typo"))
    found = {each["SUMMARY"]: each["STATUS"] for each in events_of(client.get(path).text)}
    assert found == {"Cancelled: Stopped.": "CANCELLED", "Taken down: Out.": "CANCELLED"}


def test_what_may_not_go_out_is_tentative(client, path, publication, clock):
    clock.tick(timedelta(hours=2))
    publication.publish()
    [found] = events_of(client.get(path).text)
    assert (found["SUMMARY"], found["STATUS"]) == ("Missed: Fresh bread at seven.", "TENTATIVE")


def test_a_feed_has_nothing_of_another_client(client, path, author, operator):
    other = make.account("facebook", "2002", client="Olive & Oak")
    make.approved(make.draft(other, author, text="Not yours."), operator)
    assert "Not yours." not in client.get(path).text


def test_a_feed_tells_nothing_of_the_desk(client, path, publication, operator):
    publication.reschedule(by=operator, at=timezone.now() + timedelta(hours=1), override="They are on holiday")
    text = client.get(path).text
    for private in ["olga", "holiday", "token", publication.seal, path.rpartition("/")[2][:32]]:
        assert private not in text


def test_a_feed_asks_the_database_the_same_for_more_posts(client, path, page, author, operator, queries_of):
    make.approved(make.draft(page, author), operator)
    few = queries_of(client, path)
    for _ in range(5):
        make.approved(make.draft(page, author), operator)
    assert queries_of(client, path) == few


def test_a_revoked_link_leads_nowhere(client, path, feed, operator):
    feed.revoke(by=operator)
    assert client.get(path).status_code == 404
    assert (feed.revoked_by, feed.revoked_at is None) == (operator, False)
    with pytest.raises(WrongState, match="revoked already"):
        feed.revoke(by=operator)


def test_a_link_that_nobody_made_leads_nowhere(client, feed):
    key = feed.key.hex
    forged = [key, f"{key}.", f"{key}.x", Signer(sep=".", salt="other").sign(key), "\0", "x" * 3000]
    for ticket in [*forged, Signer(sep=".", salt="publishing.feed").sign("no-key")]:
        assert client.get(f"/calendar/feeds/{ticket}.ics").status_code == 404


def test_a_link_outlives_a_change_of_keys_while_the_old_key_is_kept(client, path, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-another-key-another-key-another-key-another"
    assert client.get(path).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(path).status_code == 404


def test_links_are_only_read(client, path):
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_only_an_operator_makes_or_revokes_a_link(feed, author):
    with pytest.raises(NotAllowed):
        Feed.objects.make(feed.client, by=author)
    with pytest.raises(NotAllowed):
        feed.revoke(by=author)
    assert Feed.objects.in_force().get() == feed


def test_links_are_made_shown_and_revoked_on_the_calendar(desk, page, operator):
    here = f"/calendar/?client={page.client_id}"
    answer = desk.post(f"/calendar/clients/{page.client_id}/feed?client={page.client_id}")
    assert answer["Location"] == here
    feed = Feed.objects.get()
    assert feed.link in desk.get(here).text
    assert feed.link not in desk.get("/calendar/").text
    desk.post(f"/calendar/feeds/{feed.pk}/revoke?client={page.client_id}")
    assert feed.link not in desk.get(here).text
    assert "is revoked already" in desk.post(f"/calendar/feeds/{feed.pk}/revoke").text


def test_who_may_only_look_sees_no_link(signed_in, feed, viewer):
    browser = signed_in(viewer)
    assert feed.link not in browser.get(f"/calendar/?client={feed.client_id}").text
    assert browser.post(f"/calendar/feeds/{feed.pk}/revoke").status_code == 403
    assert browser.post(f"/calendar/clients/{feed.client_id}/feed").status_code == 403
    assert Feed.objects.in_force().count() == 1
