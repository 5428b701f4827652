"""Who asks is whom the server itself sees, over the web as `serve` starts it."""

import socket
import sqlite3
from contextlib import closing, suppress
from time import monotonic, sleep

import pytest
import requests

from sophia import programs
from tests.serve.served import free_port

FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "elsewhere.example", "X-Real-IP": "203.0.113.9"}


@pytest.fixture
def web(environment):
    port = free_port()
    child = programs.web("127.0.0.1", port, reload=False, environment=environment)
    child.start()
    try:
        until = monotonic() + 180
        while not answers(port):
            assert not child.has_ended()
            assert monotonic() < until
            sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.kill()


def answers(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60):
        return True
    return False


def addresses(environment):
    with closing(sqlite3.connect(environment["DATABASE_URL"].removeprefix("sqlite:///"))) as desk:
        tables = ("signin_signintry", "signin_securityevent")
        return [desk.execute(f"SELECT DISTINCT address FROM {table}").fetchall() for table in tables]


def test_nobody_on_this_machine_chooses_the_address_that_is_counted(web, environment):
    with requests.Session() as browser:
        browser.get(f"{web}/login/", timeout=60)
        typed = {"username": "olga", "password": "wrong", "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        answer = browser.post(f"{web}/login/", typed, headers=FORWARDED, timeout=60)
    assert answer.status_code < 500
    assert addresses(environment) == [[("127.0.0.1",)], [("127.0.0.1",)]]
