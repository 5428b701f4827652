import pytest
from django.test import Client

from publishing.sandbox.models import DEFAULTS, Fault, Knob, Page


def send(client: Client, name: str, body: object):
    return client.post(f"/sandbox/_{name}", body, content_type="application/json")


def test_an_account_is_opened_over_http(client, db):
    body = {"platform": "facebook", "id": "1001", "name": "Rosa", "token": "secret", "scopes": ["pages_show_list"]}
    answer = send(client, "accounts", body).json()
    assert answer["wall"] == "/wall/facebook/1001/"
    assert answer["tokens"][0]["scopes"] == ["pages_show_list"]
    assert client.get("/sandbox/me", {"access_token": "secret"}).json()["name"] == "Rosa"


def test_opening_again_changes_the_account_and_keeps_its_posts(graph, bakery):
    graph.post("1001/feed", message="Rolls")
    again = Page.objects.open("1001", "Rosa’s new name", token="page-token")
    assert again.pk == bakery.pk
    assert graph.get("1001", fields="name").json["name"] == "Rosa’s new name"
    assert again.posts.count() == 1


def test_an_account_without_a_token_gets_one(db):
    assert Page.objects.open("1001", "Rosa").tokens.get().value.startswith("EAA")


def test_an_instagram_account_belongs_to_a_page(client, bakery):
    body = {"platform": "instagram", "id": "178", "name": "Rosa", "page": "1001"}
    assert send(client, "accounts", body).json()["page"] == "1001"
    assert client.get("/sandbox/178?fields=username&access_token=page-token").json()["username"] == "rosa"


@pytest.mark.parametrize(
    "body",
    [
        {"platform": "myspace", "id": "1", "name": "x"},
        {"platform": "facebook", "name": "x"},
        {"platform": "facebook", "id": "1", "colour": "red"},
        {"platform": "instagram", "id": "1", "page": "nowhere"},
        {"platform": "instagram", "id": "1001"},
        [],
    ],
)
def test_a_wrong_account_is_explained(client, bakery, body):
    answer = send(client, "accounts", body)
    assert answer.status_code == 400
    assert answer.json()["problem"]


def test_faults_are_set_listed_and_cleared_over_http(client, db):
    body = {"on": "POST */media_publish", "kind": "error", "when": "after", "times": 2, "code": 4, "subcode": 2207051}
    (fault,) = send(client, "faults", body).json()["faults"]
    assert (fault["on"], fault["when"], fault["left"], fault["subcode"]) == (
        "POST */media_publish",
        "after",
        2,
        2207051,
    )
    assert client.delete("/sandbox/_faults").json() == {"faults": []}
    assert not Fault.objects.exists()


@pytest.mark.parametrize("body", [{"on": "POST */feed", "kind": "gremlins"}, {"kind": "refused"}, {"onn": "x"}])
def test_a_wrong_fault_is_explained(client, db, body):
    assert send(client, "faults", body).status_code == 400


def test_knobs_are_turned_for_all_or_for_one_account(client, bakery):
    send(client, "knobs", {"list_lag_seconds": 5})
    turned = send(client, "knobs", {"account": "1001", "list_lag_seconds": 60, "two_step": False}).json()["turned"]
    assert turned == {"all": {"list_lag_seconds": 5}, "1001": {"list_lag_seconds": 60, "two_step": False}}
    assert (bakery.knobs["list_lag_seconds"], Knob.objects.for_account("2002")["list_lag_seconds"]) == (60, 5)
    assert client.delete("/sandbox/_knobs").json() == {"defaults": DEFAULTS, "turned": {}}


@pytest.mark.parametrize("body", [{"volume": 11}, {"two_step": "maybe"}, {"list_lag_seconds": True}])
def test_a_wrong_knob_is_explained(client, db, body):
    assert send(client, "knobs", body).status_code == 400


def test_every_request_is_logged_with_its_answer(client, graph, bakery):
    graph.post("1001/feed", message="Rolls")
    graph.delete("1001_9")
    rows = client.get("/sandbox/_requests").json()["requests"]
    assert [(row["method"], row["path"], row["status"], row["code"], row["subcode"]) for row in rows] == [
        ("POST", "1001/feed", 200, None, None),
        ("DELETE", "1001_9", 400, 100, 33),
    ]
    assert rows[0]["params"] == {"message": "Rolls"}
    assert (rows[0]["token_in"], rows[0]["version"], rows[0]["account"]) == ("header", "v26.0", "1001")


def test_the_log_can_be_narrowed_and_cleared(client, graph, bakery):
    graph.get("me")
    graph.post("1001/feed", message="Rolls")
    assert len(client.get("/sandbox/_requests", {"method": "POST"}).json()["requests"]) == 1
    assert client.delete("/sandbox/_requests").json() == {"requests": []}
