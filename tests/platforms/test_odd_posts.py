import pytest

from publishing.platforms.base import Fate, Finding, Kind, PlatformError, Receipt
from tests.platforms.scripted import TOKEN, says

DIRECT = {"way": "direct", "photos": []}
POST = {"id": "1001_8", "message": "Fresh bread from seven.", "created_time": "2026-11-23T09:00:00+0000"}
UNSAFE = {
    "script": "javascript:alert(1)",
    "script after a line": "https://f/\njavascript:alert(1)",
    "data": "data:text/html,x",
    "no host": "https:///x",
    "no scheme": "//f/8",
    "long": "https://f/" + "x" * 500,
    "a number": 7,
    "a list": ["https://f/8"],
    "an object": {"a": "https://f/8"},
}


@pytest.mark.parametrize("link", UNSAFE.values(), ids=UNSAFE.keys())
def test_facebook_never_hands_on_an_unsafe_permalink(direct, server, text, link):
    server.answers(says(id="1001_8", permalink_url=link))
    assert direct.commit(text, DIRECT) == Receipt("1001_8", "")


@pytest.mark.parametrize("link", UNSAFE.values(), ids=UNSAFE.keys())
def test_instagram_never_hands_on_an_unsafe_permalink(instagram, server, text, link):
    server.answers(says(id="1", status_code="FINISHED"), says(id="5"), says(id="5", permalink=link))
    assert instagram.commit(text, {"way": "two_step", "container": "1", "children": []}) == Receipt("5", "")


@pytest.mark.parametrize("link", ["https://f/8", "HTTP://f/8", "https://f/" + "x" * 490])
def test_a_web_address_is_kept(direct, server, text, link):
    server.answers(says(id="1001_8", permalink_url=link))
    assert direct.commit(text, DIRECT).permalink == link


def test_a_permalink_never_holds_the_token(direct, server, text):
    server.answers(says(id="1001_8", permalink_url=f"https://f/?access_token={TOKEN}"))
    assert TOKEN not in direct.commit(text, DIRECT).permalink


@pytest.mark.parametrize("data", [{"id": "1"}, "posts", 7, True])
def test_a_list_that_is_none_is_no_answer(direct, server, text, since, data):
    server.answers(says(data=data))
    with pytest.raises(PlatformError) as caught:
        direct.find(text, DIRECT, since, frozenset())
    assert caught.value.kind is Kind.RETRY


@pytest.mark.parametrize(
    "item",
    [
        *["post", 7, None, [POST], {}, {**POST, "id": None}, {**POST, "id": {"a": 1}}, {**POST, "id": "1/2"}],
        *[{key: POST[key] for key in POST if key != "id"}, {**POST, "created_time": 10**15}, {**POST, "message": [1]}],
    ],
)
def test_odd_things_in_a_list_are_passed_over(direct, server, text, since, item):
    server.answers(says(data=[item, POST]))
    assert [each.receipt for each in direct.find(text, DIRECT, since, frozenset()).candidates] == [Receipt("1001_8")]


@pytest.mark.parametrize(
    "odd",
    [
        *[{"application": odd} for odd in ("x", 7, [1], {"id": {}})],
        *[{"attachments": odd} for odd in ("x", {"data": 7}, {"data": [7]}, {"data": [{"target": 7, "type": 7}]})],
        *[
            {"attachments": {"data": [{"subattachments": odd}]}}
            for odd in (7, {"data": "x"}, {"data": [{"target": "x"}]})
        ],
        *[{"full_picture": odd} for odd in (7, "javascript:x")],
    ],
)
def test_odd_facts_of_a_post_break_nothing(direct, server, text, since, odd):
    server.answers(*[says(data=[{**POST, **odd}])] * 2)
    candidates = direct.listed_on("published_posts", since) + direct.listed_on("feed", since)
    assert [(each.picture, each.photos, each.application) for each in candidates] == [("", frozenset(), "")] * 2


@pytest.mark.parametrize(
    "paging",
    [
        *["next", 7, ["next"], {"next": "x"}, {"next": "x", "cursors": "after"}, {"next": "x", "cursors": [1]}],
        *[{"next": "x", "cursors": {"after": {"a": 1}}}, {"next": "x", "cursors": {"after": 7}}],
    ],
)
def test_odd_paging_ends_the_list(direct, server, text, since, paging):
    server.answers(says(data=[], paging=paging), says(data=[], paging=paging))
    assert direct.find(text, DIRECT, since, frozenset()) == Finding(Fate.UNSURE)


@pytest.mark.parametrize(
    "data", [[], [7], [{"config": 7, "quota_usage": 1}], [{"quota_usage": {}, "config": {}}], [{}]]
)
def test_an_odd_quota_is_not_shown(instagram, server, data):
    server.answers(says(id="17840", username="bakery"), says(data=data))
    assert instagram.check().details == ()


@pytest.mark.parametrize(("name", "shown"), [("x" * 999, "x" * 200), ({"a": 1}, "1001"), ("Ba\x00kery", "Bakery")])
def test_the_name_of_an_account_can_be_stored(facebook, server, name, shown):
    server.answers(says(id="1001", name=name))
    assert facebook.check().name == shown
