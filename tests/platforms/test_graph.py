import json
import socket
import traceback
from contextlib import ExitStack
from datetime import timedelta

import pytest
from freezegun import freeze_time

from publishing.platforms import graph as graph_module
from publishing.platforms.base import Kind, PlatformError
from publishing.platforms.graph import Graph
from tests.platforms.scripted import HANG, RESET, TOKEN, Answer, raw, refuses, says

NO_ANSWER = {
    "reset": RESET,
    "hang": HANG,
    "html": raw(b"<html>Bad gateway</html>", 502),
    "not found": raw(b"<html>Not found</html>", 404),
    "empty": raw(b""),
    "cut short": raw(b'{"id":'),
    "cut after the id": Answer(200, b'{"id":"1"}', {"Content-Length": "500"}),
    "no id": says(),
    "empty id": says(id=""),
    "success false": says(success=False),
    "success false with an id": says(id="1", success=False),
    "a list": raw(b"[]"),
    "a redirect": says(302, headers={"Location": "http://127.0.0.1:9/"}, id="1"),
    "error without a code": says(400, error={"message": "?"}),
    "error that is a word": says(500, error="down"),
}


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(graph_module, "READ", 0.3)


@pytest.fixture
def crowded():
    """An address that lets nobody in any more, so that connecting takes for ever."""
    with ExitStack() as stack:
        door = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(door.getsockname())
        yield f"http://127.0.0.1:{door.getsockname()[1]}"


def test_the_token_is_in_the_header_and_nowhere_else(graph, server):
    server.answers(says(id="1"), says(id="2"))
    graph.post("create", "1001/feed", {"message": "Hello", "published": False, "link": ""})
    graph.get("read", "1001", fields="id")
    post, get = server.requests
    assert post.headers["Authorization"] == get.headers["Authorization"] == f"Bearer {TOKEN}"
    assert (post.path, post.params, post.form) == ("/v26.0/1001/feed", {}, {"message": "Hello", "published": "false"})
    assert (get.path, get.params, get.body) == ("/v26.0/1001", {"fields": "id"}, b"")
    assert TOKEN not in str([post.path, post.params, post.body, get.path, get.params])


def test_a_netrc_file_does_not_replace_the_token(graph, server, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("NETRC", str(netrc))
    graph_with_answer = server.answers(says(id="1"))
    graph.get("read", "1001")
    assert graph_with_answer.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("answer", NO_ANSWER.values(), ids=NO_ANSWER.keys())
@pytest.mark.parametrize(("irreversible", "kind"), [(True, Kind.UNKNOWN), (False, Kind.RETRY)])
def test_no_answer_is_unknown_only_where_something_may_be_public(graph, server, hasty, answer, irreversible, kind):
    server.answers(answer)
    with pytest.raises(PlatformError) as caught:
        graph.post("publish", "1001/feed", {"message": "Hello"}, irreversible=irreversible)
    assert caught.value.kind is kind
    assert len(server.requests) == len(graph.calls) == 1
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("irreversible", [True, False])
def test_what_never_left_may_be_sent_again(nowhere, irreversible):
    graph = Graph("Facebook", TOKEN, base_url=nowhere, version="v26.0", calls=[])
    with pytest.raises(PlatformError, match="could not be reached") as caught:
        graph.post("publish", "1001/feed", {}, irreversible=irreversible)
    assert caught.value.kind is Kind.RETRY
    assert graph.calls[0].status is None


def test_an_unknown_host_name_may_be_tried_again():
    graph = Graph("Facebook", TOKEN, base_url="http://nothing.invalid", version="v26.0", calls=[])
    with pytest.raises(PlatformError) as caught:
        graph.post("publish", "1001/feed", {}, irreversible=True)
    assert caught.value.kind is Kind.RETRY


def test_a_connection_that_takes_too_long_never_left(crowded, monkeypatch):
    monkeypatch.setattr(graph_module, "CONNECT", 0.2)
    graph = Graph("Facebook", TOKEN, base_url=crowded, version="v26.0", calls=[])
    with pytest.raises(PlatformError, match="could not be reached") as caught:
        graph.post("publish", "1001/feed", {}, irreversible=True)
    assert caught.value.kind is Kind.RETRY


def test_a_call_after_the_deadline_is_not_sent(server):
    with freeze_time("2026-11-23 09:00") as clock:
        graph = Graph("Facebook", TOKEN, base_url=server.url, version="v26.0", calls=[])
        clock.tick(timedelta(seconds=45))
        with pytest.raises(PlatformError) as caught:
            graph.post("publish", "1001/feed", {}, irreversible=True)
    assert caught.value.kind is Kind.RETRY
    assert server.requests == graph.calls == []


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "café"])
def test_a_damaged_token_is_never_sent_and_never_shown(server, token):
    graph = Graph("Facebook", token, base_url=server.url, version="v26.0", calls=[])
    with pytest.raises(PlatformError, match="no usable token") as caught:
        graph.get("read", "1001")
    assert caught.value.kind is Kind.AUTH
    assert server.requests == []


def test_a_call_is_recorded_with_its_numbers_and_without_its_parameters(graph, server):
    server.answers(refuses(190, 463, 401))
    with pytest.raises(PlatformError):
        graph.get("read", "1001/feed", after="cursor")
    call = graph.calls[0]
    assert (call.verb, call.method, call.path, call.status) == ("read", "GET", "1001/feed", 401)
    assert (call.code, call.subcode, call.trace_id) == (190, 463, "Atrace")
    assert json.dumps(call.as_json())


def test_the_words_of_the_platform_are_quoted_without_the_token(graph, server):
    server.answers(refuses(100, message=f"Malformed value {TOKEN} and {'x' * 80}"))
    with pytest.raises(PlatformError) as caught:
        graph.get("read", "1001")
    assert "It says: “Malformed value … and …”" in str(caught.value)


@pytest.mark.parametrize(
    "usage",
    [
        {"1001": [{"type": "pages", "estimated_time_to_regain_access": 3}, {"estimated_time_to_regain_access": 90}]},
        {"1001": {"estimated_time_to_regain_access": 90}},
        {"estimated_time_to_regain_access": 90},
    ],
)
def test_a_rate_limit_waits_as_long_as_the_usage_header_says(graph, server, usage):
    server.answers(refuses(32, status=403, headers={"X-Business-Use-Case-Usage": json.dumps(usage)}))
    with pytest.raises(PlatformError) as caught:
        graph.post("publish", "1001/feed", {}, irreversible=True)
    assert (caught.value.kind, caught.value.wait) == (Kind.WAIT, timedelta(minutes=90))


@pytest.mark.parametrize("usage", ["", "no json", "[]", "{}", '{"1": [{"estimated_time_to_regain_access": 0}]}', "7"])
def test_a_rate_limit_without_a_time_waits_an_hour(graph, server, usage):
    server.answers(refuses(4, status=403, headers={"X-Business-Use-Case-Usage": usage}))
    with pytest.raises(PlatformError) as caught:
        graph.get("read", "1001")
    assert caught.value.wait == timedelta(hours=1)


def test_an_error_counts_even_with_http_200(graph, server):
    server.answers(refuses(190, status=200))
    with pytest.raises(PlatformError) as caught:
        graph.get("read", "1001")
    assert caught.value.kind is Kind.AUTH
