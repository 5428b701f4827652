"""Whether the images of a planned post can be fetched from outside, over real HTTP."""

from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests
from django.core import signing
from django.utils import timezone

from publishing import outbound, preflight, reachability
from publishing.models.post import check_address
from publishing.reachability import Fetching
from publishing.sandbox.models import Knob, Page, Profile
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(asgi_server, settings):
    settings.SOPHIA_GRAPH_URL = f"{asgi_server.url}/sandbox"
    settings.SOPHIA_PUBLIC_URL = asgi_server.url
    settings.SOPHIA_PLATFORMS = {"instagram": "publishing.platforms.instagram.Instagram"}
    page = Page.objects.open("1001", "Lua")
    Profile.objects.open("1784", "Lua", page=page, token="token-of-1784")
    return make.account("instagram", "1784")


@pytest.fixture
def planned(account, operator):
    """For in an hour, with two images."""
    pictures = [(make.image(colour), f"A {colour} loaf") for colour in ("teal", "navy")]
    draft = make.draft(account, operator, pictures=pictures)
    return make.approved(draft, operator, at=timezone.now() + timedelta(hours=1))


@contextmanager
def answering(settings, status=200, body=b"", **headers):
    """Something else stands at SOPHIA_PUBLIC_URL."""

    class Handler(BaseHTTPRequestHandler):
        asked: list[str] = []

        def do_GET(self):
            self.asked.append(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.SOPHIA_PUBLIC_URL = f"http://127.0.0.1:{server.server_port}"
        yield Handler.asked
        server.shutdown()


def findings(publication):
    preflight.run(publication.account)
    return {finding["check"]: finding["sentence"] for finding in publication.preflights.get().findings}


def test_images_that_stand_there_are_no_finding(planned):
    assert findings(planned) == {}


def test_an_address_that_nobody_answers_is_found_and_asked_once(planned, settings):
    settings.SOPHIA_PUBLIC_URL = "http://127.0.0.1:9"
    assert findings(planned) == {"images": "Instagram could not fetch its images: http://127.0.0.1:9 did not answer."}
    fetching = Fetching(silent="It was silent a moment ago.")
    assert fetching.why_not(planned) == "It was silent a moment ago."


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"status": 404, "Content_Type": "text/html"}, "answers with HTTP 404"),
        (
            {"body": b"<html>", "Content_Type": "text/html; charset=utf-8"},
            "answers with text/html instead of image/jpeg",
        ),
        ({"body": b"something", "Content_Type": "image/jpeg"}, "other bytes than the approved ones"),
        ({"body": b"x" * 10**6, "Content_Type": "image/jpeg"}, "other bytes than the approved ones"),
        ({"status": 302, "Location": "https://elsewhere.example/login"}, "leads away to elsewhere.example"),
        ({"status": 302, "Location": "file:///etc/passwd"}, "leads away to None"),
        ({"status": 302, "Location": "/again"}, "leads from one to the next without end"),
    ],
)
def test_what_is_not_the_image_is_found(planned, settings, answer, why):
    with answering(settings, **answer) as asked:
        assert why in Fetching().why_not(planned)
    assert 1 <= len(asked) <= reachability.HOPS


def test_an_address_that_trickles_is_given_up(planned, settings, monkeypatch):
    monkeypatch.setattr(reachability, "PATIENCE", 0.2)
    with answering(settings, body=b"x", Content_Type="image/jpeg", Content_Length="1000"):
        assert "did not answer" in Fetching().why_not(planned)


def test_an_address_that_only_this_machine_knows_is_found(planned, settings):
    settings.SOPHIA_GRAPH_URL = "https://graph.facebook.com"
    assert "only this machine" in Fetching().why_not(planned)


def test_a_check_address_is_answered_for_minutes_and_for_what_waits(planned, operator, monkeypatch):
    image = planned.pictures.first().image
    address = check_address(planned.pk, image)
    assert requests.get(address, timeout=5).content == image.read()
    monkeypatch.setattr(outbound, "FOR_A_CHECK", timedelta(seconds=-1))
    assert requests.get(address, timeout=5).status_code == 404
    monkeypatch.undo()
    planned.cancel(by=operator)
    assert requests.get(address, timeout=5).status_code == 404


def test_the_two_kinds_of_address_do_not_stand_for_each_other(planned):
    image = planned.pictures.first().image
    address = check_address(planned.pk, image)
    assert requests.get(address.replace("/check/", "/"), timeout=5).status_code == 404
    forged = signing.dumps([planned.pk, image.sha256], salt="another")
    assert requests.get(f"{address.rpartition('/')[0]}/{forged}.jpg", timeout=5).status_code == 404


def test_images_of_the_wrong_kind_for_this_platform_are_never_fetched(planned, settings, monkeypatch):
    monkeypatch.setattr("publishing.platforms.instagram.Instagram.fetches_images", False)
    settings.SOPHIA_PUBLIC_URL = "http://127.0.0.1:9"
    assert findings(planned) == {}


def test_a_quota_that_is_used_up_is_found(planned):
    Knob.objects.turn("1784", quota_total=0)
    assert "will have when this post is due" in findings(planned)["quota"]
