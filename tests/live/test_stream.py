import pytest
import requests
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django_eventstream.models import Event
from django_eventstream.views import get_listener_manager

from sophia import live
from tests.asgi import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def say(word):
    live.publish("desk", "draft.submitted", {"word": word})


def test_a_change_reaches_every_open_tab(open_tab):
    tabs = [open_tab().opened(), open_tab().opened()]
    say("hello")
    assert [tab.hear()[1] for tab in tabs] == [{"word": "hello", "kind": "draft.submitted"}] * 2


def test_an_event_has_a_place_to_resume_from(open_tab):
    tab = open_tab().opened()
    say("hello")
    assert tab.hear()[0] == live.last_event_id() == "desk:1"


def test_a_tab_that_was_away_hears_what_it_missed(open_tab):
    say("one")
    place = live.last_event_id()
    say("two")
    say("three")
    tab = open_tab(place).opened()
    assert [tab.hear()[1]["word"] for _ in range(2)] == ["two", "three"]


def test_a_new_tab_does_not_hear_what_is_over(open_tab):
    say("old")
    tab = open_tab().opened()
    say("new")
    assert tab.hear()[1]["word"] == "new"


def test_a_burst_arrives_completely(open_tab):
    tab = open_tab().opened()
    for number in range(40):
        say(number)
    heard = {}
    while len(heard) < 40:
        place, data = tab.hear()
        heard.setdefault(place, data["word"])
    assert list(heard.values()) == list(range(40))


def test_what_comes_twice_has_the_same_id(open_tab):
    place = live.last_event_id()
    say("hello")
    first, again = (open_tab(place).opened().hear() for _ in range(2))
    assert first == again


def test_a_place_that_was_cleared_away_asks_the_page_to_look_again(open_tab):
    say("one")
    say("two")
    Event.objects.filter(eid__lt=2).delete()
    tab = open_tab("desk:1").opened()
    assert tab.next()[0] == "stream-reset"


def test_the_relay_goes_on_after_a_silence_longer_than_events_are_kept(open_tab):
    tab = open_tab().opened()
    say("one")
    assert tab.hear()[1]["word"] == "one"
    wait_until(lambda: live.relay.passed_on == {"desk": 1})
    say("again")  # Its first look made the page read the table, perhaps a second time: that is over now.
    while tab.hear()[1]["word"] != "again":
        pass
    wait_until(lambda: live.relay.passed_on == {"desk": 2})
    Event.objects.all().delete()
    say("two")
    assert tab.next()[0] == "stream-reset"
    say("three")
    assert tab.hear()[1]["word"] == "three"


@pytest.mark.parametrize("place", ["nonsense", "desk:x", "error", "other:1", "desk:" + "9" * 30])
def test_a_place_that_makes_no_sense_starts_now(open_tab, place):
    tab = open_tab(place).opened()
    say("hello")
    assert tab.hear()[1]["word"] == "hello"


def test_a_visitor_is_refused(asgi_server):
    assert requests.get(f"{asgi_server.url}/events/", timeout=5).status_code == 403


def test_a_deactivated_person_is_refused(open_tab, person):
    person.is_active = False
    person.save()
    assert open_tab().answer.status_code == 403


def test_a_person_without_any_role_is_refused(asgi_server, client, stranger):
    client.force_login(stranger)
    session = {"sessionid": client.cookies["sessionid"].value}
    assert requests.get(f"{asgi_server.url}/events/", cookies=session, timeout=5).status_code == 403


def test_only_the_desk_can_be_read(person):
    assert live.Channels().can_read_channel(person, "desk")
    assert not live.Channels().can_read_channel(person, "other")
    assert not live.Channels().can_read_channel(AnonymousUser(), "desk")
    assert not live.Channels().can_read_channel(None, "desk")


def test_a_tab_that_closes_is_forgotten(open_tab):
    tab = open_tab().opened()
    tab.close()
    wait_until(lambda: not get_listener_manager().listeners_by_channel)


def test_a_stream_ends_after_a_while_so_that_rights_are_checked_again(open_tab, monkeypatch):
    monkeypatch.setattr(live, "STREAM_SECONDS", 0)
    tab = open_tab().opened()
    with pytest.raises(EOFError):
        tab.next()
    wait_until(lambda: not get_listener_manager().listeners_by_channel)


def test_open_streams_hold_no_database_connection(open_tab, monkeypatch):
    released = []
    monkeypatch.setattr(live, "release_connections", lambda: released.append(connections))
    open_tab().opened()
    assert released


def test_a_server_that_cannot_stream_says_so(client, person):
    client.force_login(person)
    assert client.get("/events/").status_code == 503


def test_the_stream_is_not_compressed_and_so_arrives_at_once(open_tab):
    tab = open_tab().opened()
    assert "gzip" in tab.answer.request.headers["Accept-Encoding"]
    assert "Content-Encoding" not in tab.answer.headers
    say("hello")
    assert tab.hear()[1]["word"] == "hello"
