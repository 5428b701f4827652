import json

from publishing.sandbox.models import Knob


def test_usage_headers_are_absent_by_default(graph, bakery):
    assert "X-App-Usage" not in graph.get("1001").headers


def test_usage_can_be_shown(graph, bakery):
    Knob.objects.turn("1001", usage=85, app_usage=30)
    headers = graph.get("1001").headers
    assert json.loads(headers["X-App-Usage"])["call_count"] == 30
    case = json.loads(headers["X-Business-Use-Case-Usage"])["1001"][0]
    assert (case["type"], case["call_count"], case["estimated_time_to_regain_access"]) == ("pages", 85, 0)


def test_too_many_calls_are_refused_and_still_counted(graph, bakery):
    Knob.objects.turn("1001", call_limit=2, regain_minutes=7)
    answers = [graph.get("1001") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 400, 400]
    assert answers[2].code == (80001, None)
    assert (
        json.loads(answers[3].headers["X-Business-Use-Case-Usage"])["1001"][0]["estimated_time_to_regain_access"] == 7
    )


def test_the_limit_may_be_that_of_the_app(graph, bakery):
    Knob.objects.turn(call_limit=1, limit_code=4)
    graph.get("1001")
    answer = graph.get("1001")
    assert (answer.status, answer.code) == (403, (4, None))
    assert answer.json["error"]["is_transient"] is True


def test_an_account_at_its_limit_publishes_nothing(graph, bakery):
    Knob.objects.turn("1001", call_limit=1)
    graph.get("1001")
    graph.post("1001/feed", message="Rolls")
    assert not bakery.posts.exists()
