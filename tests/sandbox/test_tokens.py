from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publishing.sandbox.models import APP_SECRET, Knob, Page, Token


def test_an_unknown_token_is_refused(graph, bakery):
    answer = graph.get("me", token="nobody")
    assert (answer.status, answer.code) == (400, (190, None))
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_no_token_is_refused(client, bakery):
    assert client.get("/sandbox/v26.0/me").json()["error"]["code"] == 104


def test_an_expired_token_says_463(graph, bakery):
    Token.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert graph.get("me").code == (190, 463)


@pytest.mark.parametrize("subcode", [458, 459, 460, 464, 467, 492])
def test_a_broken_token_says_why(graph, bakery, subcode):
    Token.objects.update(broken=subcode)
    assert graph.get("1001").code == (190, subcode)


def test_a_bad_token_may_answer_with_http_401(graph, bakery):
    Knob.objects.turn(auth_status=401)
    assert graph.get("me", token="nobody").status == 401


@pytest.mark.parametrize("word", ["Bearer", "OAuth", "bearer"])
def test_the_token_may_be_in_the_header(client, bakery, word):
    answer = client.get("/sandbox/v26.0/me", headers={"Authorization": f"{word} page-token"})
    assert answer.json()["id"] == "1001"


def test_writing_without_the_permission_answers_200_with_http_403(graph, db):
    Page.objects.open("1001", "Rosa", token="page-token", scopes=["pages_read_engagement"])
    answer = graph.post("1001/feed", message="Rolls")
    assert (answer.status, answer.code) == (403, (200, None))


def test_reading_without_the_permission_answers_10(graph, db):
    Page.objects.open("1001", "Rosa", token="page-token", scopes=["pages_show_list"])
    answer = graph.get("1001/published_posts")
    assert (answer.status, answer.code) == (400, (10, None))


def test_the_feed_needs_a_permission_of_its_own(graph, db):
    Page.objects.open("1001", "Rosa", token="page-token", scopes=["pages_read_engagement"])
    assert graph.get("1001/feed").code == (10, None)
    assert graph.get("1001/published_posts").status == 200


def test_a_page_out_of_reach_looks_as_if_it_did_not_exist(graph, bakery):
    Page.objects.open("2002", "Other", token="other-token")
    answer = graph.get("2002")
    assert answer.code == (100, 33)
    assert answer.json["error"]["type"] == "GraphMethodException"


def test_a_person_finds_the_pages_with_their_tokens(graph, bakery):
    Token.objects.grant(bakery, "person", kind="user")
    accounts = graph.get("me/accounts", token="person").json["data"]
    assert [(account["id"], account["access_token"]) for account in accounts] == [("1001", "page-token")]


def test_a_page_token_has_no_permissions_edge(graph, bakery):
    assert graph.get("me/permissions").code == (100, None)


def test_me_is_the_page_of_a_page_token(graph, bakery):
    assert graph.get("me", fields="id").json == {"id": "1001"}


def test_debug_token_describes_a_token(client, bakery):
    token = Token.objects.get()
    query = {"input_token": token.value, "access_token": f"{token.app_id}|{APP_SECRET}"}
    data = client.get("/sandbox/debug_token", query).json()["data"]
    assert (data["is_valid"], data["type"], data["expires_at"], data["profile_id"]) == (True, "PAGE", 0, "1001")
    assert "pages_manage_posts" in data["scopes"]


def test_debug_token_tells_what_is_wrong_with_a_token(client, bakery):
    Token.objects.update(broken=460)
    query = {"input_token": "page-token", "access_token": f"4004004004|{APP_SECRET}"}
    data = client.get("/sandbox/debug_token", query).json()["data"]
    assert (data["is_valid"], data["error"]["subcode"]) == (False, 460)


def test_debug_token_needs_an_app_token(graph, bakery):
    assert graph.get("debug_token", input_token="page-token").code == (100, None)


def test_a_proof_is_demanded_where_the_knob_says_so(graph, bakery):
    Knob.objects.turn(proof_required=True)
    assert graph.get("me").json["error"]["type"] == "GraphMethodException"
    assert graph.get("me", appsecret_proof="wrong").status == 400
    assert graph.get("me", appsecret_proof=Token.objects.get().proof).status == 200


def test_a_token_in_the_address_is_logged_as_such_and_never_with_its_value(client: Client, bakery):
    client.get("/sandbox/v26.0/me", {"access_token": "page-token"})
    row = client.get("/sandbox/_requests").json()["requests"][0]
    assert row["token_in"] == "query"
    assert "page-token" not in str(row)
