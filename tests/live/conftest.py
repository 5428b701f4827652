import pytest
import requests
from django.test import Client
from django.urls import reverse

from tests import make
from tests.asgi import asgi_server  # noqa: F401
from tests.live.tab import Tab


@pytest.fixture
def person(transactional_db):
    return make.person("ada", "viewer")


@pytest.fixture
def session_cookie(person):
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


@pytest.fixture
def open_tab(asgi_server, session_cookie):  # noqa: F811
    """Opens the stream as a signed-in browser tab would."""
    tabs = []

    def open_one(last_event_id=""):
        cookies = {"sessionid": session_cookie}
        query = {"lastEventId": last_event_id} if last_event_id else {}
        answer = requests.get(asgi_server.url + reverse("events"), query, cookies=cookies, stream=True, timeout=(5, 10))
        tabs.append(Tab(answer))
        return tabs[-1]

    yield open_one
    for tab in tabs:
        tab.close()
