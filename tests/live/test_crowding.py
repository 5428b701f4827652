"""Streams that many tabs, or one program, keep open."""

import pytest

from sophia import crowding
from tests.asgi import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_session_keeps_so_many_streams_open(open_tab, monkeypatch):
    monkeypatch.setattr(crowding.require_place, "__defaults__", (2,))
    several = [open_tab().opened() for _ in range(2)]
    refused = open_tab().answer
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.text.startswith("You have 2 live pages open. Close one")
    several[0].close()
    wait_until(lambda: open_tab().answer.status_code == 200)


def test_all_sessions_together_keep_so_many_open(open_tab, monkeypatch):
    monkeypatch.setattr(crowding, "OF_ALL", 1)
    first = open_tab().opened()
    refused = open_tab().answer
    assert (refused.status_code, refused.text[:21]) == (503, "1 live pages are open")
    first.close()
    wait_until(lambda: not crowding.open_now)
