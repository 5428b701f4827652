import json

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from sophia import live
from sophia.notifications.announce import announce
from tests import make


@pytest.fixture
def others():
    return make.account("facebook", "2002", "Padaria Sol").client


@pytest.mark.django_db(transaction=True)
def test_a_member_hears_of_their_clients_and_of_what_is_about_all(open_tab, person, others):
    own = make.account().client
    make.member(person, own)
    tab = open_tab().opened()
    announce("post.vanished", "Theirs.", link=reverse("home"), urgent=True, client=others.pk)
    announce("post.vanished", "Ours.", link=reverse("home"), urgent=True, client=own.pk)
    announce("pause.started", "Everything is paused.", urgent=True)
    heard = []
    while len(heard) < 2:
        place, data = tab.hear()
        heard.append(data["sentence"])
    assert heard == ["Ours.", "Everything is paused."]
    assert place == live.last_event_id()


def event(number, **data):
    return f"event: message\nid: desk:{number}\ndata: {json.dumps(data)}\n\n".encode()


def passed(chunk, clients):
    async def ask():
        async def chunks():
            yield chunk

        return [part async for part in live.only_theirs(chunks(), clients)]

    return b"".join(async_to_sync(ask)())


def test_of_the_events_of_others_only_the_number_passes():
    chunk = event(1, client=1, sentence="Theirs.") + event(2, client=2, sentence="Ours.") + event(3, word="all")
    assert passed(chunk, frozenset({2})) == b"id: desk:1\n\n" + event(2, client=2, sentence="Ours.") + event(
        3, word="all"
    )
    assert passed(chunk, None) == chunk


@pytest.mark.parametrize("chunk", [b":   \n\nevent: stream-open\ndata:\n\n", b"event: keep-alive\ndata:\n\n"])
def test_what_is_no_event_passes_as_it_is(chunk):
    assert passed(chunk, frozenset()) == chunk
