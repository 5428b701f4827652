from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

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


def ids(finding):
    return [candidate.receipt.post_id for candidate in finding.candidates]


def test_the_words_and_time_of_a_direct_post_are_no_proof(direct, server, since):
    server.answers(
        page(listed(9, "09:01:00", "Other"), listed(8, "09:00:03", "Line\nline \n", permalink_url="https://f/8"))
    )
    finding = direct.find(Content("Line\r\nline"), DIRECT, since, NONE_TAKEN)
    assert (finding.fate, finding.receipt) == (Fate.UNSURE, None)
    assert [candidate.receipt for candidate in finding.candidates] == [Receipt("1001_8", "https://f/8")]
    assert server.asked == ["GET /v26.0/1001/published_posts"]
    assert server.requests[0].params["limit"] == "50"


def test_a_post_that_one_list_hides_is_found_in_the_other(direct, server, text, since):
    server.answers(page(), page(listed(8, "09:00:03")))
    assert ids(direct.find(text, DIRECT, since, NONE_TAKEN)) == ["1001_8"]
    assert server.asked[1] == "GET /v26.0/1001/feed"


@pytest.mark.parametrize(
    "post",
    [
        listed(8, "08:59:59"),
        listed(8, "09:00:01", application={"id": "77"}),
        listed(8, "09:00:01", attachments={"data": [{"type": "photo", "target": {"id": "5"}}]}),
        listed(8, "09:00:01", "fresh bread from seven."),
        listed(8, "09:00:01", is_published=False),
        listed(7, "09:00:01"),
        {"id": "1001_8", "message": "Fresh bread from seven."},
        {"id": "1001_8", "created_time": "2026-11-23T09:00:01+0000"},
        {"id": "1001_8", "message": "Fresh bread from seven.", "created_time": "yesterday"},
    ],
)
def test_absence_from_the_lists_proves_nothing(direct, server, text, since, post):
    direct.account = replace(direct.account, app_token="66|secret")
    server.answers(page(post), page(post))
    assert direct.find(text, DIRECT, since, frozenset({"1001_7"})) == Finding(Fate.UNSURE)


def test_of_several_equal_posts_the_exact_and_then_the_nearest_come_first(direct, server, text, since):
    loose = listed(6, "09:00:01", "Fresh  bread from seven.")
    server.answers(page(*[listed(n, f"09:{n}:00") for n in range(10, 18)], listed(8, "09:00:02"), loose))
    assert ids(direct.find(text, DIRECT, since, NONE_TAKEN)) == ["1001_8", *[f"1001_{n}" for n in range(10, 14)]]


def test_a_clock_that_is_ahead_is_known_by_the_date_of_its_answers(direct, server, text, since):
    ahead = {"Date": format_datetime(timezone.now() + timedelta(minutes=10), usegmt=True)}
    posts = [listed(9, "09:09:00"), listed(8, "09:10:05")]
    server.answers(says(headers=ahead, data=posts))
    assert ids(direct.find(text, DIRECT, since, NONE_TAKEN)) == ["1001_8"]


def album(*photos):
    shown = [{"type": "photo", "target": {"id": photo}} for photo in photos]
    return {"attachments": {"data": [{"type": "album", "subattachments": {"data": shown}}]}}


PHOTOS = {"way": "direct", "photos": ["71", "72"]}


def test_a_post_that_shows_exactly_our_photos_is_ours(direct, server, since, pictures):
    server.answers(
        page(listed(9, "09:00:01", "", **album("70", "72")), listed(8, "08:59:00", "x", **album("71", "72")))
    )
    finding = direct.find(Content("", images=pictures), PHOTOS, since, NONE_TAKEN)
    assert finding == Finding(Fate.LIVE, Receipt("1001_8"))


@pytest.mark.parametrize("photos", [["71"], ["71", "72", "73"], ["71", "70"]])
def test_a_post_that_shows_other_photos_as_well_is_not_proved_to_be_ours(direct, server, text, since, pictures, photos):
    shown = listed(8, "09:00:02", **album(*photos))
    server.answers(*[page(shown)] * (1 if len(photos) == len(pictures) else 2))
    assert direct.find(replace(text, images=pictures), PHOTOS, since, NONE_TAKEN).fate is Fate.UNSURE


def test_photos_of_another_publication_prove_nothing(direct, server, text, since, pictures):
    shown = listed(8, "09:00:02", **album("71", "72"))
    server.answers(page(shown), page(shown))
    found = direct.find(replace(text, images=pictures), PHOTOS, since, frozenset({"1001_8"}))
    assert found == Finding(Fate.UNSURE)


def test_a_list_that_knows_no_attachments_is_read_without(direct, server, text, since):
    server.answers(refuses(100), page(listed(8, "09:00:02")))
    assert ids(direct.find(text, DIRECT, since, NONE_TAKEN)) == ["1001_8"]
    assert server.requests[1].params["fields"] == "id,message,created_time,permalink_url,is_published"


def test_pages_are_followed_by_cursor_and_not_by_address(direct, server, text, since):
    server.answers(
        page(listed(9, "10:00:00", "Later"), following="c1"), page(following="c2"), page(listed(8, "09:00:01"))
    )
    assert ids(direct.find(text, DIRECT, since, NONE_TAKEN)) == ["1001_8"]
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


def test_images_without_words_are_offered_only_where_they_are_as_many(direct, server, since, pictures):
    posts = [listed(9, "09:00:01", "", **album("1", "2")), listed(8, "09:00:01", "", **album("3", "4", "5"))]
    server.answers(page(*posts, listed(7, "09:00:01", "")))
    [candidate] = direct.find(Content("", images=pictures), PHOTOS, since, NONE_TAKEN).candidates
    assert (candidate.receipt.post_id, candidate.weak) == ("1001_9", True)
