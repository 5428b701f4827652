import json
from datetime import timedelta

import pytest

from publishing.platforms import usage
from publishing.platforms.base import Kind, PlatformError
from publishing.platforms.errors import refusal, unprocessed
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
    assert usage.used_up("Facebook", others) is None


def test_an_account_is_used_up_at_100_percent_or_while_the_platform_names_a_time():
    assert usage.used_up("Facebook", header(APP, call_count=99)) is None
    assert usage.used_up("Facebook", header(APP, call_count=100)).wait == timedelta(hours=1)
    named = usage.used_up("Facebook", cases(call_count=100, estimated_time_to_regain_access=7))
    assert named.wait == timedelta(minutes=7)


def test_usage_is_read_from_answers_that_are_fine(graph, server):
    server.answers(says(id="1001", headers=cases(call_count=85)))
    graph.get("read", "1001")
    assert (graph.calls[0].usage, graph.calls[0].throttle) == (85, None)


def test_the_last_call_that_is_answered_throttles(graph, server):
    server.answers(says(id="1001", headers=cases(call_count=100, estimated_time_to_regain_access=7)))
    graph.get("read", "1001")
    assert graph.calls[0].throttle.wait == timedelta(minutes=7)


def test_usage_is_no_part_of_the_evidence(graph, server):
    server.answers(says(id="1001", headers=header(APP, call_count=100)))
    graph.get("read", "1001")
    assert set(graph.calls[0].as_json()) == {
        "at", "verb", "method", "path", "milliseconds", "status", "code", "subcode", "trace_id"
    }  # fmt: skip


@pytest.mark.parametrize("code", [4, 9, 17, 32, 341, 368, 613, 80001, 80002])
def test_a_refusal_that_is_about_the_account_throttles_it(graph, server, code):
    server.answers(refuses(code))
    with pytest.raises(PlatformError) as refused:
        graph.get("read", "1001")
    assert refused.value.throttles
    assert graph.calls[0].throttle.wait == refused.value.wait


@pytest.mark.parametrize("code", [(9007, 2207027), (9007, None), (1, None), (190, None), (100, 33), (4, 2207051)])
def test_a_refusal_that_is_about_one_post_throttles_nothing(code):
    body = {"code": code[0], "error_subcode": code[1]}
    assert not refusal("Facebook", body, irreversible=True).throttles


def test_suspected_spam_throttles_where_nothing_is_public():
    error = refusal("Instagram", {"code": 4, "error_subcode": 2207051}, irreversible=False)
    assert (error.kind, error.throttles, error.wait) == (Kind.WAIT, True, timedelta(days=1))


@pytest.mark.parametrize(("subcode", "throttles"), [(2207027, False), (2207051, True), (2207026, False), (None, False)])
def test_a_failed_container_throttles_as_its_subcode_says(subcode, throttles):
    assert unprocessed("Instagram", subcode).throttles == throttles


def test_no_answer_says_nothing_about_usage(graph, server):
    server.answers(RESET)
    with pytest.raises(PlatformError):
        graph.get("read", "1001")
    assert (graph.calls[0].usage, graph.calls[0].throttle) == (None, None)


def test_scopes_are_told_to_a_person_only(facebook, server):
    server.answers(
        says(data=[{"permission": "a", "status": "granted"}, {"permission": "b", "status": "declined"}, {}]),
        refuses(100),
    )
    assert facebook.scopes() == ("a",)
    assert facebook.scopes() is None
