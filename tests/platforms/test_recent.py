"""What an account has made public since a backup, as far as its platform lists it."""

import pytest

from publishing.platforms.base import Kind, PlatformError, Receipt
from tests.platforms.scripted import refuses, says

LINK = "https://www.facebook.com/1001/posts/5"


def listed(number, message, created="2026-11-23T09:30:00+0000", **more):
    link = f"https://www.facebook.com/1001/posts/{number}"
    return {"id": f"1001_{number}", "message": message, "created_time": created, "permalink_url": link, **more}


def test_what_is_public_is_listed_once(facebook, server, since):
    old = listed(4, "Before.", created="2026-11-20T09:30:00+0000")
    unpublished = listed(6, "Prepared.", is_published=False)
    server.answers(says(data=[listed(5, "Bread."), unpublished, old]), says(data=[listed(5, "Bread.")]))
    assert [(post.receipt, post.message) for post in facebook.recent(since)] == [(Receipt("1001_5", LINK), "Bread.")]


def test_a_second_list_that_needs_another_permission_is_left_out(facebook, server, since):
    server.answers(says(data=[listed(5, "Bread.")]), refuses(10))
    assert [seen.message for seen in facebook.recent(since)] == ["Bread."]


def test_a_first_list_that_cannot_be_read_is_no_empty_list(facebook, server, since):
    server.answers(refuses(190))
    with pytest.raises(PlatformError) as caught:
        facebook.recent(since)
    assert caught.value.kind is Kind.AUTH


def test_instagram_lists_its_media(instagram, server, since):
    link = "https://www.instagram.com/p/abc/"
    media = {"id": "179", "caption": "Bread.", "timestamp": "2026-11-23T09:30:00+0000", "permalink": link}
    server.answers(says(data=[media]))
    assert [(post.receipt, post.message) for post in instagram.recent(since)] == [(Receipt("179", link), "Bread.")]


def test_a_list_that_is_cut_off_is_not_taken_for_all(facebook, server, since):
    following = {"cursors": {"after": "x"}, "next": "https://graph.facebook.com/?x"}
    for page in range(3):
        server.answers(says(data=[listed(50 * page + number, "Bread.") for number in range(50)], paging=following))
    with pytest.raises(PlatformError, match="lists only the latest 150 posts"):
        facebook.recent(since)


def test_a_next_page_without_cursors_is_followed_and_its_token_is_not(facebook, server, since):
    following = {"next": "https://graph.facebook.com/v26.0/1001/feed?access_token=secret&after=x"}
    server.answers(says(data=[], paging=following), says(data=[listed(5, "Bread.")]), says(data=[]))
    assert [seen.message for seen in facebook.recent(since)] == ["Bread."]
    assert server.requests[1].params["after"] == "x"
    assert "access_token" not in server.requests[1].params


@pytest.mark.parametrize("address", ["https://[x", "https://graph.facebook.com/", 7, {"after": "x"}])
def test_an_address_that_names_no_next_page_ends_the_list(facebook, server, since, address):
    server.answers(says(data=[listed(5, "Bread.")], paging={"next": address}), says(data=[]))
    assert [seen.message for seen in facebook.recent(since)] == ["Bread."]
