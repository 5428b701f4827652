import pytest
import requests
from django.core.exceptions import ValidationError

from publishing.sandbox.faults import Dropped
from publishing.sandbox.models import Fault
from tests.sandbox.conftest import PROFILE, jpeg

SILENT = ("refused", "reset", "hang")


def texts(served):
    return [post.get("message") for post in served.graph("GET", "1001/feed?limit=100").json()["data"]]


@pytest.mark.parametrize("kind", SILENT)
def test_a_silent_fault_before_the_effect_loses_the_connection_and_the_post(served, kind):
    served.control("POST", "faults", {"on": "POST */feed", "kind": kind, "seconds": 0.1})
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        served.graph("POST", "1001/feed", data={"message": f"before {kind}"})
    assert f"before {kind}" not in texts(served)


@pytest.mark.parametrize("kind", SILENT)
def test_a_silent_fault_after_the_effect_loses_only_the_answer(served, kind):
    served.control("POST", "faults", {"on": "POST */feed", "kind": kind, "when": "after", "seconds": 0.1})
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        served.graph("POST", "1001/feed", data={"message": f"after {kind}"})
    assert texts(served).count(f"after {kind}") == 1


def test_a_dropped_request_is_in_the_log_without_a_status(served):
    served.control("POST", "faults", {"on": "POST */feed", "kind": "refused"})
    with pytest.raises(requests.ConnectionError):
        served.graph("POST", "1001/feed", data={"message": "lost"})
    row = served.control("GET", "requests", method="POST")["requests"][0]
    assert (row["fault"], row["status"]) == ("refused", None)


def test_a_hang_keeps_the_client_waiting(served):
    served.control("POST", "faults", {"on": "GET me", "kind": "hang", "seconds": 3})
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{served.url}/sandbox/me", headers={"Authorization": "Bearer page-token"}, timeout=0.5)


def test_a_server_survives_its_faults(served):
    served.control("POST", "faults", {"on": "* me", "kind": "refused", "times": 5})
    for _ in range(5):
        with pytest.raises(requests.ConnectionError):
            served.graph("GET", "me")
    assert served.graph("GET", "me").json()["id"] == "1001"


ANSWERS = {
    "status_500": (500, {"code": 1}),
    "status_503": (503, {"code": 2}),
    "empty_200": (200, None),
    "no_id_200": (200, None),
    "success_false": (200, None),
}


@pytest.mark.parametrize(("kind", "expected"), ANSWERS.items())
def test_a_spoken_fault_after_the_effect_hides_that_the_post_exists(graph, bakery, kind, expected):
    Fault.objects.arm("POST */feed", kind, when="after")
    answer = graph.post("1001/feed", message="Rolls")
    status, error = expected
    assert answer.status == status
    assert answer.json.get("error", {}).get("code") == (error and error["code"])
    assert "id" not in answer.json
    assert bakery.posts.public().count() == 1


def test_a_broken_gateway_answers_with_a_web_page(client, bakery):
    Fault.objects.arm("GET me", "html_502")
    answer = client.get("/sandbox/me", {"access_token": "page-token"})
    assert answer.status_code == 502
    assert answer.content.startswith(b"<html>")


def test_any_graph_error_can_be_ordered(graph, bakery):
    Fault.objects.arm("POST */feed", "error", code=368, subcode=1390008, http_status=403, is_transient=True)
    answer = graph.post("1001/feed", message="Rolls")
    assert (answer.status, answer.code) == (403, (368, 1390008))
    assert answer.json["error"]["is_transient"] is True
    assert not bakery.posts.exists()


def test_a_fault_acts_as_often_as_it_was_told_to(graph, bakery):
    Fault.objects.arm("POST */feed", "status_500", times=2)
    answers = [graph.post("1001/feed", message=str(number)).status for number in range(3)]
    assert answers == [500, 500, 200]


def test_a_fault_without_times_acts_until_it_is_cleared(graph, bakery):
    Fault.objects.arm("* *", "status_503", times=None)
    assert {graph.get("me").status for _ in range(4)} == {503}
    Fault.objects.clear()
    assert graph.get("me").status == 200


def test_a_fault_leaves_other_requests_alone(graph, bakery):
    Fault.objects.arm("DELETE *", "status_500")
    assert graph.post("1001/feed", message="Rolls").status == 200


def test_a_refused_request_does_not_use_up_a_fault_after_the_effect(graph, bakery):
    fault = Fault.objects.arm("POST */feed", "refused", when="after")
    assert graph.post("1001/feed").code == (100, None)
    fault.refresh_from_db()
    assert fault.left == 1


def test_without_a_connection_the_client_gets_an_exception(graph, bakery):
    Fault.objects.arm("POST */feed", "refused", when="after")
    with pytest.raises(Dropped):
        graph.post("1001/feed", message="Rolls")
    assert bakery.posts.public().count() == 1


def test_a_publish_whose_answer_is_lost_shows_in_the_container_and_in_the_list(served, pictures):
    body = {"image_url": pictures.add(jpeg()), "caption": "lost answer"}
    container = served.graph("POST", f"{PROFILE}/media", data=body).json()["id"]
    served.control("POST", "faults", {"on": "POST */media_publish", "kind": "refused", "when": "after"})
    with pytest.raises(requests.ConnectionError):
        served.graph("POST", f"{PROFILE}/media_publish", data={"creation_id": container})
    assert served.graph("GET", container, params={"fields": "status_code"}).json()["status_code"] == "PUBLISHED"
    listed = served.graph("GET", f"{PROFILE}/media", params={"fields": "caption"}).json()["data"]
    assert [post["caption"] for post in listed] == ["lost answer"]


def test_a_delete_whose_answer_is_lost_has_deleted(served):
    post = served.graph("POST", "1001/feed", data={"message": "going"}).json()["id"]
    served.control("POST", "faults", {"on": "DELETE *", "kind": "reset", "when": "after"})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        served.graph("DELETE", post)
    assert served.graph("DELETE", post).json()["error"]["error_subcode"] == 33


def test_an_unknown_kind_of_fault_is_refused(db):
    with pytest.raises(ValidationError):
        Fault.objects.arm("POST */feed", "gremlins")


def test_djangos_own_server_drops_connections_too(live_server, bakery):
    Fault.objects.arm("GET me", "refused")
    Fault.objects.arm("GET me", "reset")
    for expected in (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        with pytest.raises(expected):
            requests.get(f"{live_server.url}/sandbox/me", params={"access_token": "page-token"}, timeout=30)
