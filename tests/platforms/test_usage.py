import json
from datetime import timedelta

import pytest

from publishing.platforms import usage
from publishing.platforms.base import Kind, PlatformError, Scope
from publishing.platforms.errors import TABLE, doubt, refusal, throttle_in, unprocessed
from tests.platforms.scripted import RESET, refuses, says

APP, PAGE, CASES = "X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage"


def header(name, **figures):
    return {name: json.dumps(figures)}


def cases(**figures):
    return {CASES: json.dumps({"1001": [{"type": "pages", **figures}]})}


@pytest.mark.parametrize(
    ("headers", "percent"),
    [
        ({}, None),
        (header(APP, call_count=28, total_time=25, total_cputime=31), 31),
        (header(PAGE, call_count=85, total_time=60, total_cputime=56), 85),
        (cases(call_count=97, total_time=23), 97),
        ({CASES: json.dumps({"1001": {"call_count": 97}})}, 97),
        ({**header(APP, call_count=12), **cases(call_count=40)}, 40),
        (header(APP, call_count=0), 0),
        (header(APP, call_count=250), 100),
        (header(APP, call_count="99.5"), 0),
        (header(APP, call_count=None, total_time=7), 7),
        ({APP: "no json"}, None),
        ({APP: "[" * 50_000}, None),
    ],
)
def test_the_highest_figure_counts(headers, percent):
    assert usage.percent(headers) == percent


def test_what_advertisements_use_up_is_no_limit_for_posts():
    others = {
        CASES: json.dumps({"1": [{"type": "ads_insights", "call_count": 100, "estimated_time_to_regain_access": 9}]})
    }
    assert usage.percent(others) is None
    assert usage.used_up("Facebook", others) == ()


def used_up(headers):
    return [(throttle.scope, throttle.wait) for throttle in usage.used_up("Facebook", headers)]


def test_an_account_is_used_up_at_100_percent_or_while_the_platform_names_a_time():
    assert used_up(header(PAGE, call_count=99)) == []
    assert used_up(header(PAGE, call_count=100)) == [(Scope.CALLS, timedelta(hours=1))]
    named = cases(call_count=100, estimated_time_to_regain_access=7)
    assert used_up(named) == [(Scope.CALLS, timedelta(minutes=7))]


def test_the_figure_of_the_app_is_about_the_app():
    assert used_up(header(APP, call_count=99)) == []
    assert used_up(header(APP, call_count=100)) == [(Scope.APP, timedelta(hours=1))]
    both = {**header(APP, call_count=100), **cases(call_count=40, estimated_time_to_regain_access=7)}
    assert used_up(both) == [(Scope.APP, timedelta(hours=1)), (Scope.CALLS, timedelta(minutes=7))]


def test_usage_is_read_from_answers_that_are_fine(graph, server):
    server.answers(says(id="1001", headers=cases(call_count=85)))
    graph.get("read", "1001")
    assert (graph.calls[0].usage, graph.calls[0].throttles) == (85, ())


def test_the_last_call_that_is_answered_throttles(graph, server):
    server.answers(says(id="1001", headers=cases(call_count=100, estimated_time_to_regain_access=7)))
    graph.get("read", "1001")
    assert [throttle.wait for throttle in graph.calls[0].throttles] == [timedelta(minutes=7)]


def test_usage_is_no_part_of_the_evidence(graph, server):
    server.answers(says(id="1001", headers=header(APP, call_count=100)))
    graph.get("read", "1001")
    assert set(graph.calls[0].as_json()) == {
        "at", "verb", "method", "path", "milliseconds", "status", "code", "subcode", "trace_id"
    }  # fmt: skip


SCOPES = [
    *[(code, None, Scope.CALLS) for code in (9, 17, 32, 613, 80001, 80002)],
    *[(4, None, Scope.APP), (4, 2207051, Scope.POSTS), (9, 2207042, Scope.POSTS), (341, None, Scope.POSTS)],
    *[(368, None, Scope.POSTS), (368, 1390008, Scope.POSTS)],
]


@pytest.mark.parametrize(("code", "subcode", "scope"), SCOPES)
def test_a_refusal_throttles_what_it_is_about(graph, server, code, subcode, scope):
    server.answers(refuses(code, subcode))
    with pytest.raises(PlatformError) as refused:
        graph.get("read", "1001")
    [throttle] = graph.calls[0].throttles
    assert (throttle.wait, throttle.scope) == (refused.value.wait, scope)


@pytest.mark.parametrize("code", [(9007, 2207027), (9007, None), (1, None), (190, None), (100, 33)])
def test_a_refusal_that_is_about_one_post_throttles_nothing(code):
    body = {"code": code[0], "error_subcode": code[1]}
    assert not refusal("Facebook", body, irreversible=True).throttles


@pytest.mark.parametrize(("irreversible", "kind"), [(False, Kind.WAIT), (True, Kind.UNKNOWN)])
def test_suspected_spam_restricts_whatever_became_of_the_post(irreversible, kind):
    error = refusal("Instagram", {"code": 4, "error_subcode": 2207051}, irreversible=irreversible)
    assert (error.kind, error.scope, error.wait) == (kind, Scope.POSTS, timedelta(days=1))
    assert throttle_in(error).because == "Instagram suspects spam and restricted the action."


def doubts(safe):
    rows = [(*numbers, row) for numbers, row in TABLE.items() if row.kind is Kind.UNKNOWN]
    return [(code or 1, subcode, row) for code, subcode, row in rows if row.safe is safe]


@pytest.mark.parametrize(("code", "subcode", "row"), doubts(Kind.WAIT))
def test_every_doubt_keeps_what_the_platform_wants_nothing_of(code, subcode, row):
    error = refusal("Facebook", {"code": code, "error_subcode": subcode}, irreversible=True)
    assert (error.kind, error.wait, throttle_in(error).scope) == (Kind.UNKNOWN, row.wait, row.scope)


def test_a_doubt_over_an_account_to_reconnect_holds_it(monkeypatch):
    monkeypatch.setitem(TABLE, (5, None), doubt("{name} wants the account checked.", Kind.AUTH))
    error = refusal("Facebook", {"code": 5}, irreversible=True)
    assert (error.kind, error.holds, error.throttles) == (Kind.UNKNOWN, True, False)


@pytest.mark.parametrize(("subcode", "throttles"), [(2207027, False), (2207051, True), (2207026, False), (None, False)])
def test_a_failed_container_throttles_as_its_subcode_says(subcode, throttles):
    assert unprocessed("Instagram", subcode).throttles == throttles


def test_no_answer_says_nothing_about_usage(graph, server):
    server.answers(RESET)
    with pytest.raises(PlatformError):
        graph.get("read", "1001")
    assert (graph.calls[0].usage, graph.calls[0].throttles) == (None, ())


def test_scopes_are_told_to_a_person_only(facebook, server):
    server.answers(
        says(data=[{"permission": "a", "status": "granted"}, {"permission": "b", "status": "declined"}, {}]),
        refuses(100),
    )
    assert facebook.scopes() == ("a",)
    assert facebook.scopes() is None
