from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from publishing.sandbox.models import Knob, Page, Token

GONE = (
    "Unsupported delete request. Object with ID '1001_1' does not exist, cannot be loaded due to missing permissions, "
    "or does not support this operation. Please read the Graph API documentation at "
    "https://developers.facebook.com/docs/graph-api"
)


def in_(**span) -> str:
    return str(int((timezone.now() + timedelta(**span)).timestamp()))


def ids(graph, edge: str, **params) -> list[str]:
    return [post["id"] for post in graph.get(f"1001/{edge}", **params).json["data"]]


def test_a_post_needs_words_or_a_link(graph, bakery):
    assert graph.post("1001/feed").code == (100, None)
    assert graph.post("1001/feed", link="https://example.org").status == 200


def test_a_post_is_public_and_gets_an_id_of_its_page(graph, bakery):
    assert graph.post("1001/feed", message="Rolls").json == {"id": "1001_1"}
    assert ids(graph, "feed") == ["1001_1"]


def test_a_creating_call_reads_after_writing(graph, bakery):
    answer = graph.post("1001/feed", message="Rolls", fields="id,permalink_url")
    link = "http://testserver/wall/facebook/1001/#post-1001_1"
    assert answer.json == {"id": "1001_1", "permalink_url": link}


def test_reading_gives_the_fields_that_were_asked_for_and_the_id(graph, bakery):
    graph.post("1001/feed", message="Rolls")
    assert graph.get("1001_1", fields="message,is_published").json == {
        "message": "Rolls",
        "is_published": True,
        "id": "1001_1",
    }


def test_an_unknown_field_is_an_error(graph, bakery):
    graph.post("1001/feed", message="Rolls")
    assert graph.get("1001_1", fields="colour").code == (100, None)


def test_parameters_may_come_as_json(client, bakery):
    body = {"message": "Rolls", "published": False, "access_token": "page-token"}
    client.post("/sandbox/v26.0/1001/feed", body, content_type="application/json")
    post = bakery.posts.get()
    assert (post.text, post.is_public) == ("Rolls", False)


def test_parameters_may_come_in_the_address_of_an_unversioned_call(client, bakery):
    client.post("/sandbox/1001/feed?message=Rolls&published=False&access_token=page-token")
    assert not bakery.posts.get().is_public


def test_too_long_a_text_is_refused(graph, bakery):
    answer = graph.post("1001/feed", message="x" * 63_207)
    assert answer.code == (100, None)
    assert "Name parameter too long" in answer.json["error"]["message"]


def test_a_persons_token_may_not_post(graph, bakery):
    Token.objects.grant(bakery, "person", kind="user")
    assert graph.post("1001/feed", token="person", message="Rolls", published="false").code == (200, None)


def test_the_same_words_twice_are_a_duplicate_where_the_knob_says_so(graph, bakery):
    Knob.objects.turn("1001", duplicate_check=True)
    graph.post("1001/feed", message="Rolls")
    assert graph.post("1001/feed", message="Rolls").code == (506, None)
    graph.post("1001/feed", message="Bread")
    assert graph.post("1001/feed", message="Rolls").status == 200


def test_an_unpublished_post_is_readable_and_in_no_public_list(graph, bakery):
    post = graph.post("1001/feed", message="Rolls", published="false").id
    assert graph.get(post, fields="is_published").json["is_published"] is False
    assert ids(graph, "feed") == ids(graph, "published_posts") == []
    assert ids(graph, "ads_posts") == [post]


def test_publishing_a_prepared_post_is_idempotent(graph, bakery):
    post = graph.post("1001/feed", message="Rolls", published="false").id
    answers = [graph.post(post, is_published="true").json for _ in range(2)]
    assert answers == [{"success": True}, {"success": True}]
    assert ids(graph, "feed") == [post]


def test_a_page_without_the_second_step_refuses_it(graph, bakery):
    Knob.objects.turn("1001", two_step=False)
    post = graph.post("1001/feed", message="Rolls", published="false").id
    assert graph.post(post, is_published="true").code == (100, None)
    assert graph.get(post, fields="is_published").json["is_published"] is False


def test_a_public_post_cannot_be_hidden_again(graph, bakery):
    post = graph.post("1001/feed", message="Rolls").id
    assert graph.post(post, is_published="false").code == (100, None)


def test_a_text_can_be_changed(graph, bakery):
    post = graph.post("1001/feed", message="Rols").id
    assert graph.post(post, message="Rolls").json == {"success": True}
    assert graph.get(post, fields="message").json["message"] == "Rolls"


@pytest.mark.parametrize("when", [{"minutes": 5}, {"days": 31}])
def test_a_scheduled_time_must_be_within_the_window(graph, bakery, when):
    answer = graph.post("1001/feed", message="Rolls", published="false", scheduled_publish_time=in_(**when))
    assert answer.code == (100, None)


def test_a_public_post_takes_no_scheduled_time(graph, bakery):
    assert graph.post("1001/feed", message="Rolls", scheduled_publish_time=in_(hours=1)).code == (100, None)


def test_a_scheduled_post_appears_when_its_time_comes(graph, bakery):
    when = in_(hours=1)
    post = graph.post("1001/feed", message="Rolls", published="false", scheduled_publish_time=when).id
    assert ids(graph, "scheduled_posts") == [post]
    assert graph.get(post, fields="scheduled_publish_time").json["scheduled_publish_time"] == int(when)
    with freeze_time(timezone.now() + timedelta(hours=1)):
        assert ids(graph, "scheduled_posts") == []
        assert ids(graph, "feed") == [post]


def test_the_clock_can_be_put_forward_without_freezing_it(graph, bakery):
    graph.post("1001/feed", message="Rolls", published="false", scheduled_publish_time=in_(hours=1))
    Knob.objects.turn(clock=3601)
    assert ids(graph, "feed") == ["1001_1"]


def test_a_scheduled_time_can_be_moved(graph, bakery):
    post = graph.post("1001/feed", message="Rolls", published="false", scheduled_publish_time=in_(hours=1)).id
    later = in_(hours=5)
    graph.post(post, scheduled_publish_time=later)
    assert graph.get(post, fields="scheduled_publish_time").json["scheduled_publish_time"] == int(later)


def test_a_deleted_post_is_gone_and_says_so_in_the_words_of_the_real_one(graph, bakery):
    post = graph.post("1001/feed", message="Rolls").id
    assert graph.delete(post).json == {"success": True}
    again = graph.delete(post)
    assert (again.status, again.code) == (400, (100, 33))
    assert (again.json["error"]["type"], again.json["error"]["message"]) == ("GraphMethodException", GONE)
    assert graph.get(post, fields="id").code == (100, 33)
    assert ids(graph, "feed") == []


def test_reading_may_lag_behind_deleting(graph, bakery):
    Knob.objects.turn(delete_lag=60)
    post = graph.post("1001/feed", message="Rolls").id
    graph.delete(post)
    assert graph.get(post, fields="id").json == {"id": post}
    assert graph.delete(post).code == (100, 33)
    assert ids(graph, "feed") == []
    Knob.objects.turn(clock=61)
    assert graph.get(post, fields="id").code == (100, 33)


def test_a_post_of_another_app_is_readable_and_not_deletable(graph, bakery):
    Token.objects.grant(bakery, "other-app", app_id="777")
    post = graph.post("1001/feed", token="other-app", message="Rolls").id
    assert graph.delete(post).code == (100, 33)
    assert graph.post(post, message="x").code == (100, 33)
    assert graph.get(post, fields="id").json == {"id": post}


def test_the_knob_makes_every_post_foreign_and_says_200(graph, bakery):
    Knob.objects.turn("1001", foreign_app=True, foreign_refusal=200)
    post = graph.post("1001/feed", message="Rolls").id
    assert (graph.delete(post).status, graph.delete(post).code) == (403, (200, None))


def test_lists_are_newest_first_and_go_on_behind_a_cursor(graph, bakery):
    for number in range(5):
        graph.post("1001/feed", message=str(number))
    first = graph.get("1001/published_posts", limit=2).json
    assert [post["message"] for post in first["data"]] == ["4", "3"]
    rest = graph.get("1001/published_posts", limit=3, after=first["paging"]["cursors"]["after"]).json
    assert [post["message"] for post in rest["data"]] == ["2", "1", "0"]
    assert "next" in first["paging"]
    assert "next" not in rest["paging"]


def test_more_than_a_hundred_at_once_is_an_error(graph, bakery):
    assert graph.get("1001/feed", limit=101).code == (100, None)


def test_a_list_can_lag_behind(graph, bakery):
    Knob.objects.turn("1001", list_lag_seconds=60)
    post = graph.post("1001/feed", message="Rolls").id
    assert ids(graph, "feed") == []
    assert graph.get(post, fields="id").status == 200
    with freeze_time(timezone.now() + timedelta(seconds=61)):
        assert ids(graph, "feed") == [post]


def test_a_prepared_post_lags_from_the_moment_it_is_published(graph, bakery):
    post = graph.post("1001/feed", message="Rolls", published="false").id
    with freeze_time(timezone.now() + timedelta(minutes=5)):
        Knob.objects.turn("1001", list_lag_seconds=60)
        graph.post(post, is_published="true")
        assert ids(graph, "published_posts") == []


def test_the_feed_may_leave_out_what_exists(graph, bakery):
    Knob.objects.turn("1001", feed_omits=1)
    graph.post("1001/feed", message="Old")
    graph.post("1001/feed", message="New")
    assert ids(graph, "feed") == ["1001_1"]
    assert ids(graph, "published_posts") == ["1001_2", "1001_1"]


def test_the_feed_may_show_what_is_unpublished(graph, bakery):
    Knob.objects.turn("1001", feed_shows_unpublished=True)
    post = graph.post("1001/feed", message="Rolls", published="false").id
    answer = graph.get("1001/feed", fields="is_published").json["data"]
    assert answer == [{"is_published": False, "id": post}]


def test_lists_can_be_narrowed_by_time(graph, bakery):
    graph.post("1001/feed", message="Rolls")
    assert ids(graph, "feed", since=in_(hours=1)) == []
    assert ids(graph, "feed", until=in_(hours=1)) == ["1001_1"]


def test_nobody_posts_to_a_page_out_of_reach(graph, bakery):
    Page.objects.open("2002", "Other", token="other-token")
    assert graph.post("2002/feed", message="Rolls").code == (200, None)


def test_an_edge_that_does_not_exist_is_an_error(graph, bakery):
    assert graph.get("1001/likes").code == (100, None)
    assert graph.post("1001/likes").code == (100, 33)
