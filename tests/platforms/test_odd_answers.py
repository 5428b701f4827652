import gzip
import json
import time
from datetime import timedelta
from urllib.parse import quote

import pytest

from publishing.platforms import graph as graph_module
from publishing.platforms.base import Kind, PlatformError
from publishing.platforms.graph import Graph
from tests.platforms.scripted import TOKEN, Answer, raw, refuses, says

DEEP = b"[" * 100_000 + b"]" * 100_000
UNREADABLE = {
    "deeply nested": raw(b'{"id": "1", "x": ' + DEEP + b"}"),
    "nested in an error": raw(b'{"error": {"code": 190, "x": ' + DEEP + b"}}", 400),
    "nested less deeply": raw(b'{"id": "1", "x": ' + b"[" * 100 + b"]" * 100 + b"}"),
    "a number of many digits": raw(b'{"id": ' + b"9" * 5000 + b"}"),
    "no text": raw(b'{"id": "\xff\xfe"}'),
    "an infinite code": raw(b'{"id": "1", "error": {"code": 1e999}}'),
    "a code that is no number": raw(b'{"id": "1", "error": {"code": NaN}}'),
    "a code beyond the column": says(id="1", error={"code": 2**31}),
    "too long": raw(b'{"id": "1"}' + b" " * graph_module.MOST),
    "too long when unpacked": Answer(200, gzip.compress(b'{"id": "1"}' + b" " * 2**22), {"Content-Encoding": "gzip"}),
    "badly packed": Answer(200, b'{"id": "1"}', {"Content-Encoding": "gzip"}),
    "a redirect that makes no sense": Answer(302, b'{"id": "1"}', {"Location": "http://[\xff"}),
    "no content": Answer(204),
}
BAD_IDS = {
    "long": "1" * 101,
    "a long number": 10**100,
    "a list": ["1"],
    "an object": {"id": "1"},
    "true": True,
    "a fraction": 1.5,
    "a space": "1 2",
    "a slash": "1/feed",
    "dots": "..",
    "a line break": "1\n",
    "only NULs": "\x00",
    "the token": TOKEN,
}


def refusal(graph, server, answer):
    server.answers(answer)
    with pytest.raises(PlatformError) as caught:
        graph.post("publish", "1001/feed", {}, irreversible=True)
    return caught.value


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(graph_module, "CONNECT", 0.3)
    monkeypatch.setattr(graph_module, "LAST", 1.0)


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize(("irreversible", "kind"), [(True, Kind.UNKNOWN), (False, Kind.RETRY)])
def test_what_cannot_be_read_is_no_answer(graph, server, answer, irreversible, kind):
    server.answers(answer)
    with pytest.raises(PlatformError) as caught:
        graph.post("publish", "1001/feed", {}, irreversible=irreversible)
    assert caught.value.kind is kind
    assert (len(graph.calls), caught.value.code) == (1, None)


@pytest.mark.parametrize("name", BAD_IDS.values(), ids=BAD_IDS.keys())
def test_an_id_that_cannot_be_kept_is_no_id(graph, server, name):
    assert refusal(graph, server, says(id=name)).kind is Kind.UNKNOWN


@pytest.mark.parametrize(("given", "kept"), [(17, "17"), ("1001_5", "1001_5"), ("a" * 100, "a" * 100)])
def test_an_id_is_kept_as_text(graph, server, given, kept):
    server.answers(says(id=given))
    assert graph.get("read", "1001")["id"] == kept


@pytest.mark.parametrize("subcode", [2**31, -(2**40), "9" * 30, "9" * 5000, [1], {}, "x", None])
def test_a_subcode_that_cannot_be_stored_is_left_out(graph, server, subcode):
    error = refusal(graph, server, refuses(190, error_subcode=subcode))
    assert (error.kind, error.code, error.subcode, graph.calls[0].subcode) == (Kind.AUTH, 190, None, None)


@pytest.mark.parametrize("trace", ["A" * 65, "A trace", "A\n", "é", 7, ["A"], {}, None, TOKEN, TOKEN[:20], "x" + TOKEN])
def test_a_trace_id_that_is_none_is_not_kept(graph, server, trace):
    error = refusal(graph, server, refuses(190, fbtrace_id=trace))
    assert error.trace_id == graph.calls[0].trace_id == ""


@pytest.mark.parametrize("trace", ["Z", "A-b_9", "A" * 64])
def test_a_trace_id_is_kept(graph, server, trace):
    error = refusal(graph, server, refuses(100, fbtrace_id=trace))
    assert error.trace_id == graph.calls[0].trace_id == trace


def test_the_words_of_the_platform_can_be_stored(graph, server):
    sentence = str(refusal(graph, server, refuses(100, message="So\x00 \ud800odd\udfff " + "and long " * 99)))
    assert "It says: “So odd and long" in sentence
    assert sentence.encode()
    assert "\x00" not in sentence
    assert len(sentence) < 450


@pytest.mark.parametrize("words", [{"a": TOKEN}, [TOKEN], 7, True])
def test_words_that_are_no_text_are_not_quoted(graph, server, words):
    assert "It says" not in str(refusal(graph, server, refuses(100, message=words)))


@pytest.mark.parametrize("minutes", [10**15, "9" * 30, 2**31])
def test_no_usage_header_keeps_sophia_away_for_longer_than_a_week(graph, server, minutes):
    usage = json.dumps({"estimated_time_to_regain_access": minutes})
    error = refusal(graph, server, refuses(32, headers={"X-Business-Use-Case-Usage": usage}))
    assert error.wait == timedelta(days=7)


@pytest.mark.parametrize("usage", ["[" * 30_000 + "]" * 30_000, '{"estimated_time_to_regain_access": 1e999}'])
def test_an_odd_usage_header_counts_as_none(graph, server, usage):
    error = refusal(graph, server, refuses(32, headers={"X-Business-Use-Case-Usage": usage}))
    assert (error.kind, error.wait) == (Kind.WAIT, timedelta(hours=1))


def test_a_token_with_odd_signs_is_found_when_it_is_quoted_for_an_address(server):
    token = "123|abc"
    graph = Graph("Facebook", token, base_url=server.url, version="v26.0", calls=[])
    said = f"at ?t={quote(token, safe='')} 12\x003|abc"
    assert "It says: “at ?t=… …”" in str(refusal(graph, server, refuses(100, message=said)))


def test_the_record_of_a_call_never_holds_the_token(graph, server):
    server.answers(says(id="1"))
    graph.get("read", f"1001/{TOKEN}")
    assert graph.calls[0].path == "1001/…"


@pytest.mark.parametrize("headers", [{}, {"Transfer-Encoding": "chunked"}], ids=["plain", "chunked"])
@pytest.mark.parametrize("status", [200, 302])
@pytest.mark.parametrize(("irreversible", "kind"), [(True, Kind.UNKNOWN), (False, Kind.RETRY)])
def test_an_answer_that_trickles_in_is_cut_off(graph, server, hurried, headers, status, irreversible, kind):
    location = {"Location": "/elsewhere"} if status == 302 else {}
    server.answers(Answer(status, b'2;x="' + b"x" * 200, {**headers, **location}, pause=0.1))
    began = time.monotonic()
    with pytest.raises(PlatformError, match="did not answer") as caught:
        graph.post("publish", "1001/feed", {}, irreversible=irreversible)
    assert caught.value.kind is kind
    assert time.monotonic() - began < 2
    assert len(server.requests) == len(graph.calls) == 1


def test_an_answer_that_trickles_in_on_time_counts(graph, server):
    server.answers(Answer(200, b'{"id": "1"}', pause=0.01))
    assert graph.get("read", "1001")["id"] == "1"


def test_a_byte_order_mark_hides_no_answer(graph, server):
    server.answers(raw(b'\xef\xbb\xbf{"id": "1"}'))
    assert graph.post("publish", "1001/feed", {}, irreversible=True)["id"] == "1"


@pytest.mark.parametrize("body", [b"true", b'{"success": true}', b'{"success": "true"}', b'{"success": 1}'])
def test_a_yes_is_a_yes_in_each_of_its_forms(graph, server, body):
    server.answers(raw(body))
    assert graph.post("publish", "1001_5", {}, irreversible=True, needs="success")["success"]


@pytest.mark.parametrize("no", [False, "false", "False", 0, "0"])
@pytest.mark.parametrize("needs", ["id", "success"])
def test_a_no_is_a_no_in_each_of_its_forms(graph, server, no, needs):
    server.answers(says(id="1", success=no))
    with pytest.raises(PlatformError) as caught:
        graph.post("publish", "1001_5", {}, irreversible=True, needs=needs)
    assert caught.value.kind is Kind.UNKNOWN


@pytest.mark.parametrize("error", ["invalid_token", ["x"], 7])
def test_an_error_that_is_none_of_graphs_is_no_success(graph, server, error):
    server.answers(says(id="1", success=True, error=error))
    with pytest.raises(PlatformError) as caught:
        graph.post("publish", "1001/feed", {}, irreversible=True)
    assert caught.value.kind is Kind.UNKNOWN


def test_data_that_is_one_object_is_kept_as_such(graph, server):
    server.answers(says(data={"is_valid": True}))
    assert graph.get("inspect", "debug_token", needs="object")["object"] == {"is_valid": True}


@pytest.mark.parametrize("data", [{"quota_usage": 2, "config": {"quota_total": 50}}, [], None])
def test_a_quota_that_is_no_list_is_no_quota(instagram, server, data):
    server.answers(says(id="17840", username="lua"), says(data=data))
    assert instagram.check().quota is None
