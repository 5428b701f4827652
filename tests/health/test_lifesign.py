"""The dead man's switch: who asks whom, and what is silence."""

import time
from contextlib import closing

import pytest

from sophia import logs
from sophia.lifesign import Lifesign
from tests.health.listening import Listener
from tests.serve.served import free_port

SOUND, ILL = (200, {"status": "sound", "problems": []}), (503, {"status": "ill", "problems": ["overdue", "sweep"]})


@pytest.fixture
def web():
    with closing(Listener(*SOUND)) as listener:
        yield listener


@pytest.fixture
def outside():
    with closing(Listener(200, "OK")) as listener:
        yield listener


@pytest.fixture
def sign(web, outside):
    return Lifesign(f"{outside.url}/a-secret", "0.0.0.0", web.port)


def test_a_desk_that_is_well_is_told_by_the_address_itself(sign, web, outside, settings):
    settings.ALLOWED_HOSTS = [".desk.example.com", "*"]
    sign.look()
    assert outside.heard == [("GET", "/a-secret", "")]
    assert web.hosts == ["desk.example.com"]


def test_an_illness_that_stays_is_told_with_its_words(sign, web, outside):
    web.says(*ILL)
    for _ in range(3):
        sign.look()
    assert outside.heard == [("POST", "/a-secret/fail", "overdue, sweep")] * 2


def test_a_restart_of_the_workers_is_no_illness(sign, web, outside):
    for said in (ILL, SOUND, ILL):
        web.says(*said)
        sign.look()
    assert [path for _, path, _ in outside.heard] == ["/a-secret"]


@pytest.mark.parametrize("said", [(500, "broken"), (400, {"problems": []}), (200, "<html>"), (301, {"problems": []})])
def test_a_web_that_does_not_say_is_silence(sign, web, outside, said):
    web.says(*said)
    sign.look()
    assert outside.heard == []


def test_a_web_that_is_dead_is_silence(sign, outside):
    sign.web = ("127.0.0.1", free_port())
    sign.look()
    assert outside.heard == []


def test_a_redirect_is_not_followed_and_no_log_has_the_address(sign, web, outside, caplog):
    elsewhere = f"http://127.0.0.1:{web.port}/elsewhere"
    outside.says(302, "", Location=elsewhere)
    sign.look()
    assert "/elsewhere" not in web.paths
    sign.url = f"http://127.0.0.1:{free_port()}/a-secret"
    sign.look()
    assert "a-secret" not in caplog.text
    assert len(caplog.records) == 2


def test_the_address_is_taken_out_of_every_log(settings):
    settings.SOPHIA_PING_URL = "https://hc.example/0b1c2d3e"
    logs.own_secrets.cache_clear()
    try:
        assert logs.scrub(f"It asked {settings.SOPHIA_PING_URL}/fail.") == "It asked …/fail."
    finally:
        logs.own_secrets.cache_clear()


def test_it_says_that_it_starts_and_an_address_that_hangs_holds_nobody(sign, outside, monkeypatch):
    monkeypatch.setattr("sophia.lifesign.EVERY", 0.05)
    outside.hangs = True
    began = time.monotonic()
    sign.start()
    assert time.monotonic() - began < 1
    outside.until(lambda: outside.heard == [("GET", "/a-secret/start", "")])
    outside.hangs = False
    outside.until(lambda: ("GET", "/a-secret", "") in outside.heard)
    sign.over.set()
