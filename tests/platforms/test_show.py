import pytest

from publishing.platforms.base import Content, Image, Kind, PlatformError, Receipt, Seen
from tests.platforms.scripted import GONE, RESET, raw, refuses, says

POST = "1001_5"
LINK = "https://www.facebook.com/1001/posts/5"
PAGE = says(id="1001", name="Bakery")


def test_a_post_is_shown_as_the_public_sees_it(facebook, server):
    server.answers(says(id=POST, message="Fresh bread.\r\nAt seven. ", permalink_url=LINK, is_published=True))
    assert facebook.show(POST) == Seen(Receipt(POST, LINK), "Fresh bread.\nAt seven.")
    assert server.requests[0].params["fields"] == "id,message,permalink_url,is_published"


def test_a_caption_is_shown_by_instagram(instagram, server):
    link = "https://www.instagram.com/p/abc/"
    server.answers(says(id="179", caption="Fresh bread.", permalink=link))
    assert instagram.show("179") == Seen(Receipt("179", link), "Fresh bread.")
    assert server.requests[0].params["fields"] == "id,caption,permalink"


def test_what_cannot_be_read_while_the_account_can_is_not_shown(facebook, server):
    server.answers(GONE, PAGE)
    assert facebook.show(POST) is None
    assert server.asked == ["GET /v26.0/1001_5", "GET /v26.0/1001"]


def test_what_is_unpublished_again_is_not_public(facebook, server):
    server.answers(says(id=POST, message="Fresh bread.", is_published=False))
    assert not facebook.show(POST).public


@pytest.mark.parametrize("answers", [[RESET], [raw(b"", 502)], [raw(b"{}")], [GONE, RESET], [GONE, GONE], [refuses(4)]])
def test_an_unclear_answer_is_never_gone(facebook, server, answers):
    server.answers(*answers)
    with pytest.raises(PlatformError) as caught:
        facebook.show(POST)
    assert caught.value.kind is not Kind.REJECTED


@pytest.mark.parametrize(
    ("message", "same"),
    [("Fresh  bread.\nSeven ", True), ("fresh bread. Seven", False), ("Fresh bread.", False), ("", False)],
)
def test_only_spaces_may_differ(message, same):
    assert Seen(Receipt(POST), message).reads_like(Content("Fresh bread.\r\n\r\nSeven")) is same


def test_a_post_with_images_reads_with_its_link_below():
    content = Content("Fresh bread.", "https://lua.example", (Image("ab", "image/jpeg", "", b""),))
    assert Seen(Receipt(POST), "Fresh bread.\nhttps://lua.example").reads_like(content)
