"""What the platform says that is not so, and what a judge sees meanwhile."""

import time

import pytest

from publishing.sandbox.models import Knob, Post
from tests.sandbox.conftest import PAGE, PROFILE, create, jpeg, publish
from tests.sandbox.test_control import send


def truth(client):
    return client.get("/sandbox/_truth").json()


def seen_by_a_judge(client, graph_id):
    return next(post for post in truth(client)["posts"] if post["id"] == graph_id)


@pytest.mark.parametrize("knobs", [{"hides_posts": True}, {"hidden_posts": ["1001_1"]}])
def test_a_hidden_post_reads_as_missing_and_is_in_no_list(client, graph, bakery, knobs):
    post = graph.post("1001/feed", message="Rolls").id
    Knob.objects.turn(PAGE, **knobs)
    assert graph.get(post).code == graph.delete(post).code == (100, 33)
    assert graph.get("1001/published_posts").json["data"] == []
    assert graph.get("1001", fields="id").status == 200
    assert seen_by_a_judge(client, post)["public"]


def test_hiding_one_post_shows_the_others(graph, bakery):
    hidden, shown = (graph.post("1001/feed", message=text).id for text in ("Rolls", "Bread"))
    Knob.objects.turn(PAGE, hidden_posts=[hidden])
    assert [post["id"] for post in graph.get("1001/feed").json["data"]] == [shown]
    assert graph.get(shown).status == 200


def test_a_deletion_may_be_without_effect_so_many_times(client, graph, bakery):
    post = graph.post("1001/feed", message="Rolls").id
    Knob.objects.turn(PAGE, delete_without_effect=2)
    for _ in range(2):
        assert graph.delete(post).json == {"success": True}
        assert seen_by_a_judge(client, post)["public"]
    graph.delete(post)
    assert seen_by_a_judge(client, post)["deleted"]


def test_deletions_may_never_have_an_effect(client, graph, bakery_photos, rolls):
    media = publish(graph, create(graph, rolls).id).id
    Knob.objects.turn(delete_without_effect=-1)
    assert [graph.delete(media).json["success"] for _ in range(3)] == [True] * 3
    assert seen_by_a_judge(client, media)["public"]


def test_a_deleted_post_comes_back_once(client, graph, bakery):
    Knob.objects.turn(PAGE, comes_back_after=60)
    post = graph.post("1001/feed", message="Rolls").id
    graph.delete(post)
    assert graph.get(post).code == (100, 33)
    Knob.objects.turn(clock=61)
    assert graph.get(post).status == 200
    assert seen_by_a_judge(client, post)["returned"]
    graph.delete(post)
    Knob.objects.turn(clock=600)
    assert seen_by_a_judge(client, post)["deleted"]


@pytest.mark.parametrize(("way", "public"), [("with", 1), ("without", 0)])
def test_a_restriction_while_publishing_may_come_after_the_effect(graph, bakery_photos, rolls, way, public):
    Knob.objects.turn(PROFILE, publish_then_restrict=way)
    containers = [create(graph, rolls).id for _ in range(2)]
    assert [publish(graph, each).code for each in containers] == [(4, 2207051)] * 2
    assert Post.objects.public().count() == public
    assert graph.get(PROFILE, fields="media_count").json["media_count"] == public


def test_a_block_of_posting_leaves_reading_and_deleting(graph, bakery):
    post = graph.post("1001/feed", message="Rolls").id
    Knob.objects.turn(PAGE, throttle_posting=True)
    assert graph.post("1001/feed", message="Bread").code == (368, None)
    assert graph.get(post).status == graph.delete(post).status == 200


def test_a_throttled_app_answers_nobody(graph, bakery_photos):
    Knob.objects.turn(app_throttled=True)
    answers = [graph.get(PAGE), graph.get(PROFILE)]
    assert [answer.code for answer in answers] == [(4, None)] * 2
    assert '"call_count": 100' in answers[0].headers["X-App-Usage"]


@pytest.mark.parametrize(("lists", "found"), [(True, ["1001_1"]), (False, None)])
def test_unpublished_posts_are_listed_or_the_edge_does_not_exist(graph, bakery, lists, found):
    Knob.objects.turn(PAGE, lists_unpublished=lists)
    graph.post("1001/feed", message="Rolls", published="false")
    graph.post("1001/feed", message="Bread")
    answer = graph.get("1001/promotable_posts", is_published="false")
    assert [post["id"] for post in answer.json.get("data", [])] == (found or [])
    assert answer.status == (200 if lists else 400)


def test_a_wrong_clock_shows_in_the_date(graph, bakery):
    assert "Date" not in graph.get(PAGE).headers
    Knob.objects.turn(clock=-3600, date_skew=60)
    assert graph.get(PAGE).headers["Date"].endswith("GMT")


def test_an_upload_takes_its_time(graph, bakery, rolls):
    Knob.objects.turn(PAGE, upload_seconds=0.2)
    began = time.monotonic()
    assert graph.post("1001/photos", url=rolls, published="false").id
    assert time.monotonic() - began > 0.2


def test_a_person_posts_by_phone(client, graph, bakery_photos):
    made = send(client, "foreign", {"account": PROFILE, "images": 2, "offset_seconds": -60}).json()["id"]
    shown = graph.get(f"{PROFILE}/media", fields="id,caption,children").json["data"][0]
    assert (shown["id"], "caption" in shown, len(shown["children"]["data"])) == (made, False, 2)
    assert seen_by_a_judge(client, made)["foreign"]


def test_what_a_person_posted_tells_no_application_and_is_not_ours_to_delete(client, graph, bakery):
    made = send(client, "foreign", {"account": PAGE, "text": "Rolls"}).json()["id"]
    assert "application" not in graph.get(made, fields="application").json
    assert graph.delete(made).code == (100, 33)
    assert send(client, "remove", {"id": made}).json() == {"removed": True}
    assert seen_by_a_judge(client, made)["deleted"]


@pytest.mark.parametrize(
    ("name", "body"), [("foreign", {"account": "9"}), ("remove", {"id": "9"}), ("remove", {"x": 1})]
)
def test_a_wrong_act_by_hand_is_explained(client, bakery, name, body):
    assert send(client, name, body).json()["problem"]


def test_the_truth_tells_which_photos_nobody_was_told_of(client, graph, bakery, pictures):
    fault = {"on": "POST */photos", "kind": "status_500", "when": "after"}
    for body in (fault, None):
        if body:
            send(client, "faults", body)
        graph.post("1001/photos", url=pictures.add(jpeg()), published="false")
    told = [(photo["answered"], photo["used"], photo["deleted"]) for photo in truth(client)["photos"]]
    assert told == [(False, False, False), (True, False, False)]


def test_the_truth_tells_of_containers(client, graph, bakery_photos, rolls):
    Knob.objects.turn(PROFILE, processing_seconds=60)
    container = create(graph, rolls, caption="Rolls").id
    assert graph.get(container, fields="status_code").json["status_code"] == "IN_PROGRESS"
    (told,) = truth(client)["containers"]
    assert (told["id"], told["text"], told["published"]) == (container, "Rolls", False)
