import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

import pytest

from approval import links
from approval.links import problem_with
from approval.models import LinkCheck
from tests import make
from tests.draining import drain


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        place = self.path.removeprefix("/to/")
        self.send_response(302 if place != self.path else int(self.path.strip("/")))
        self.send_header("Location", place)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def found(link):
    return problem_with(link, lambda address: str(address) == "127.0.0.1")


def test_a_page_that_answers_is_no_problem(site):
    assert found(f"{site}/200") == ""
    assert found(f"{site}/to//200") == ""
    assert found(f"{site}/403") == ""


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_a_page_that_is_gone_or_broken_is_one(site, status):
    assert found(f"{site}/{status}") == f"It answers {status}."


def test_nothing_inside_the_network_is_asked(site):
    assert problem_with(f"{site}/200") == "127.0.0.1 is not on the public internet."


def test_nor_by_way_of_a_redirect(site):
    assert found(f"{site}/to/http://127.0.0.2/200") == "127.0.0.2 is not on the public internet."
    assert found(f"{site}/to/ftp://127.0.0.1/200") == "It leads to something that is no web page."


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_page_that_trickles_in_is_left_in_time(monkeypatch, begun):
    monkeypatch.setattr(links, "ALTOGETHER", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=trickle, args=[server, begun], daemon=True).start()
        assert found(f"http://127.0.0.1:{server.getsockname()[1]}/") == "It did not answer within 0.2 seconds."


def trickle(server, begun):
    line, _ = server.accept()
    with line, suppress(OSError):
        line.sendall(begun)
        while begun:
            sleep(0.1)
            line.sendall(b"x")
        while line.recv(4096):
            pass


def test_circles_and_dead_ends_are_said(site):
    assert found(f"{site}/to/{site}/to/x") == "It sends its readers in circles."
    assert found("http://127.0.0.1:9/") == "It could not be reached."
    assert found("http://no-such-name.invalid/") == "There is no machine called no-such-name.invalid."
    assert found("http://127.0.0.1:99999/") == "It could not be reached."


def test_a_link_is_looked_at_by_a_worker_when_it_is_submitted_or_edited(settings, page, author):
    settings.SOPHIA_CHECK_LINKS = True
    draft = make.draft(page, author, link="http://127.0.0.1/menu")
    assert LinkCheck.objects.get().looked_at is None
    drain()
    assert LinkCheck.objects.get().problem == "127.0.0.1 is not on the public internet."
    draft.edit(by=author, text="Bread", link="http://127.0.0.2/", pictures=[], digest=draft.digest())
    drain()
    assert "127.0.0.2" in LinkCheck.objects.get().problem


def test_a_draft_without_a_link_asks_nobody(settings, draft):
    settings.SOPHIA_CHECK_LINKS = True
    draft.edit(by=draft.author, text="Bread", link="", pictures=[], digest=draft.digest())
    assert not LinkCheck.objects.exists()
