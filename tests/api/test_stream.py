"""Notices live, over real HTTP."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from sophia import live
from sophia.api.stream import MOST
from sophia.notifications.announce import announce
from sophia.notifications.models import Notice
from tests import make
from tests.asgi import asgi_server, wait_until  # noqa: F401
from tests.live.tab import Tab

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listen(asgi_server):  # noqa: F811
    """Opens the stream with a token."""
    streams = []

    def open_one(secret, last=""):
        headers = {"Authorization": f"Bearer {secret}"} | ({"Last-Event-ID": last} if last else {})
        url = f"{asgi_server.url}/api/v1/notices/stream"
        streams.append(Tab(requests.get(url, headers=headers, stream=True, timeout=(5, 10))))
        return streams[-1]

    yield open_one
    for each in streams:
        each.close()


def hear(stream):
    kind, place, data = stream.next()
    assert kind == "notice"
    return place, json.loads(data)


def tell(sentence, client):
    announce("publication.failed", sentence, link="/queue/7/", client=client.pk)


def test_a_program_hears_what_is_told(listen, token_for, viewer, page):
    stream = listen(token_for(viewer, "notices:read")[1]).opened()
    live.publish(live.DESK, "link.checked", {"draft": 7})
    tell("Publication 7 is failed.", page.client)
    place, notice = hear(stream)
    assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
    assert place == live.last_event_id()
    assert notice["id"] == Notice.objects.first().pk
    assert (notice["sentence"], notice["client"]) == ("Publication 7 is failed.", page.client_id)
    assert notice["url"] == "http://testserver/queue/7/"


def test_a_limited_token_hears_only_of_its_clients(listen, token_for, operator, page):
    other = make.account("facebook", "2002", "Padaria Sol").client
    stream = listen(token_for(operator, clients=[page.client])[1]).opened()
    tell("Theirs.", other)
    announce("health.finding", "The broker is slow.")
    tell("Its own.", page.client)
    assert hear(stream)[1]["sentence"] == "Its own."


def test_a_program_that_was_away_hears_what_it_missed(listen, token_for, operator, page):
    secret = token_for(operator)[1]
    tell("One.", page.client)
    place = live.last_event_id()
    tell("Two.", page.client)
    tell("Three.", page.client)
    stream = listen(secret, place).opened()
    assert [hear(stream)[1]["sentence"] for _ in range(2)] == ["Two.", "Three."]


def test_a_program_that_heard_nothing_knows_where_to_go_on(listen, token_for, operator, page):
    live.publish(live.DESK, "link.checked", {"draft": 7})
    _, place, _ = listen(token_for(operator)[1]).next()
    assert place == live.last_event_id()


def test_what_a_token_does_not_hear_moves_its_place(listen, token_for, operator, page):
    other = make.account("facebook", "2002", "Padaria Sol").client
    secret = token_for(operator, clients=[page.client])[1]
    tell("Its own.", page.client)
    place = live.last_event_id()
    stream = listen(secret, place)
    tell("Theirs.", other)
    assert next(line for line in stream.lines if line.startswith("id:") and line != f"id: {place}") == (
        f"id: {live.last_event_id()}"
    )


def test_a_stream_ends_when_its_token_is_revoked(listen, token_for, operator, boss, page):
    token, secret = token_for(operator)
    stream = listen(secret).opened()
    token.revoke(by=boss)
    with pytest.raises(EOFError):
        stream.next()


@pytest.mark.parametrize(("scopes", "status"), [(["drafts:read"], 403), (["notices:read"], 200)])
def test_the_stream_needs_its_scope(listen, token_for, operator, scopes, status):
    assert listen(token_for(operator, *scopes)[1]).answer.status_code == status


def test_a_token_keeps_few_streams_open(listen, token_for, operator):
    secret = token_for(operator)[1]
    several = [listen(secret).opened() for _ in range(MOST)]
    refused = listen(secret).answer
    assert (refused.status_code, refused.json()["title"]) == (429, "Too many requests")
    assert "End one" in refused.json()["detail"]
    several[0].close()
    wait_until(lambda: listen(secret).answer.status_code == 200)


def test_of_many_streams_at_one_moment_few_stay(listen, token_for, operator):
    secret = token_for(operator)[1]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: listen(secret), range(12)))
    assert sum(is_open(each) for each in answers) == MOST


def is_open(each):
    """Some are refused at the door, and some end before they have begun."""
    try:
        return each.answer.status_code == 200 and each.next()[0] == "stream-open"
    except EOFError:
        return False


def test_what_is_no_token_hears_nothing(listen):
    answer = listen("nonsense").answer
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_a_person_who_may_not_see_the_queue_hears_nothing(listen, token_for, stranger):
    assert listen(token_for(stranger)[1]).answer.status_code == 403


def test_only_get_is_taken(db):
    answer = Client(enforce_csrf_checks=True).post("/api/v1/notices/stream")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")


@pytest.mark.parametrize("proxy", ["Caddyfile", "nginx.conf"])
def test_a_proxy_holds_back_neither_stream(proxy):
    text = (project.BASE_DIR / "deploy" / proxy).read_text()
    streams = next(line for line in text.splitlines() if "not path" in line or "location ~" in line)
    assert all(reverse(name).lstrip("/") in streams for name in ("events", "api_stream"))
