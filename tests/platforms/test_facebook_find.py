import pytest

from publishing.platforms.base import Content, Fate, Finding, Kind, PlatformError, Receipt
from tests.platforms.scripted import GONE, RESET, refuses, says

POST = "1001_5"
TWO_STEP = {"way": "two_step", "post_id": POST, "photos": []}
DIRECT = {"way": "direct", "photos": []}
PAGE = says(id="1001")
NONE_TAKEN = frozenset()


def listed(number, time, message="Fresh bread from seven.", **more):
    created = f"2026-11-23T{time}+0000"
    return {"id": f"1001_{number}", "message": message, "created_time": created, "permalink_url": "", **more}


def page(*posts, following=None):
    paging = {"cursors": {"after": following}, "next": "https://graph.facebook.com/?access_token=x"}
    return says(data=list(posts), paging=paging if following else {})


@pytest.mark.parametrize(
    ("answers", "fate"),
    [
        ([says(id=POST, is_published=True)], Fate.LIVE),
        ([says(id=POST, is_published=False)], Fate.NOT_LIVE),
        ([GONE, PAGE], Fate.UNSURE),
        ([refuses(803), PAGE], Fate.UNSURE),
        ([says(id=POST)], Fate.UNSURE),
    ],
)
def test_a_prepared_post_tells_its_fate(facebook, server, text, since, answers, fate):
    server.answers(*answers)
    assert facebook.find(text, TWO_STEP, since, NONE_TAKEN).fate is fate


@pytest.mark.parametrize(
    ("answers", "kind"), [([RESET], Kind.RETRY), ([GONE, GONE], Kind.AUTH), ([refuses(190)], Kind.AUTH)]
)
def test_a_failing_read_says_nothing_about_the_fate(facebook, server, text, since, answers, kind):
    server.answers(*answers)
    with pytest.raises(PlatformError) as caught:
        facebook.find(text, TWO_STEP, since, NONE_TAKEN)
    assert caught.value.kind is kind


def test_a_direct_post_is_found_by_its_words_and_time(direct, server, since):
    server.answers(
        page(listed(9, "09:01:00", "Other"), listed(8, "08:58:00", "Line\nline \n", permalink_url="https://f/8"))
    )
    finding = direct.find(Content("Line\r\nline"), DIRECT, since, NONE_TAKEN)
    assert finding == Finding(Fate.LIVE, Receipt("1001_8", "https://f/8"))
    assert server.asked == ["GET /v26.0/1001/published_posts"]
    assert server.requests[0].params["limit"] == "50"


def test_a_post_that_one_list_hides_is_found_in_the_other(direct, server, text, since):
    server.answers(page(), page(listed(8, "09:00:03")))
    assert direct.find(text, DIRECT, since, NONE_TAKEN).receipt == Receipt("1001_8")
    assert server.asked[1] == "GET /v26.0/1001/feed"


@pytest.mark.parametrize(
    "post",
    [
        listed(8, "08:54:59"),
        listed(8, "09:00:01", "fresh bread from seven."),
        listed(8, "09:00:01", is_published=False),
        listed(7, "09:00:01"),
        {"id": "1001_8", "message": "Fresh bread from seven."},
        {"id": "1001_8", "created_time": "2026-11-23T09:00:01+0000"},
        {"id": "1001_8", "message": "Fresh bread from seven.", "created_time": "yesterday"},
    ],
)
def test_absence_from_the_lists_proves_nothing(direct, server, text, since, post):
    server.answers(page(post), page(post))
    assert direct.find(text, DIRECT, since, frozenset({"1001_7"})) == Finding(Fate.UNSURE)


def test_of_several_equal_posts_the_nearest_is_taken(direct, server, text, since):
    server.answers(page(listed(9, "09:30:00"), listed(8, "09:00:02"), listed(7, "08:56:00")))
    assert direct.find(text, DIRECT, since, NONE_TAKEN).receipt == Receipt("1001_8")


def test_pages_are_followed_by_cursor_and_not_by_address(direct, server, text, since):
    server.answers(
        page(listed(9, "10:00:00", "Later"), following="c1"), page(following="c2"), page(listed(8, "09:00:01"))
    )
    assert direct.find(text, DIRECT, since, NONE_TAKEN).receipt == Receipt("1001_8")
    assert [request.params.get("after") for request in server.requests] == [None, "c1", "c2"]


def test_no_page_is_read_past_the_time_in_question(direct, server, text, since):
    old = page(listed(1, "05:00:00"), following="c1")
    server.answers(old, old)
    assert direct.find(text, DIRECT, since, NONE_TAKEN).fate is Fate.UNSURE


def test_no_more_than_three_pages_are_read(direct, server, text, since):
    full = page(listed(9, "10:00:00", "Later"), following="more")
    server.answers(*[full] * 6)
    assert direct.find(text, DIRECT, since, NONE_TAKEN).fate is Fate.UNSURE


def test_a_list_that_needs_another_permission_is_done_without(direct, server, text, since):
    server.answers(page(), refuses(10, status=403))
    assert direct.find(text, DIRECT, since, NONE_TAKEN).fate is Fate.UNSURE


@pytest.mark.parametrize("answers", [[RESET], [page(), RESET], [refuses(190)]])
def test_a_list_that_cannot_be_read_is_an_error(direct, server, text, since, answers):
    server.answers(*answers)
    with pytest.raises(PlatformError):
        direct.find(text, DIRECT, since, NONE_TAKEN)


def test_images_without_words_cannot_be_recognised(direct, server, since, pictures):
    finding = direct.find(Content("", images=pictures), {"way": "direct", "photos": ["71"]}, since, NONE_TAKEN)
    assert finding == Finding(Fate.UNSURE)
    assert server.requests == []
