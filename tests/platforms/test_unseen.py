"""What a lost answer may have left on a Page where nobody sees it: ours only when everything fits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from publishing.platforms.base import Content, PlatformError, Sought
from tests.platforms.scripted import refuses, says

APP = {"id": "app-1"}
WITNESS = says(id="1001_1", application=APP)
NO_SUCH_EDGE = refuses(100)
USED = [says(id="71"), says(id="72")]
"""Our photos, which do not tell whose they are."""


def photo(graph_id):
    return {"type": "photo", "target": {"id": graph_id}}


@pytest.fixture
def bread(pictures):
    return Content("Bread", images=pictures)


@pytest.fixture
def orphan(since):
    album = {"type": "album", "subattachments": {"data": [photo("71"), photo("72")]}}
    return {
        "id": "1001_5",
        "message": "Bread",
        "created_time": since.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "is_published": False,
        "application": APP,
        "attachments": {"data": [album]},
    }


def sought(facebook, content, since, photos=("71", "72"), witnesses=("1001_1",)):
    return facebook.seek(content, since, list(photos), list(witnesses))


def test_what_fits_in_everything_is_ours(facebook, server, bread, orphan, since):
    server.answers(says(data=[orphan]), *USED, WITNESS)
    assert sought(facebook, bread, since) == Sought(("1001_5",), lists=True)
    assert server.asked[0] == "GET /v26.0/1001/promotable_posts"


def test_our_own_photos_name_the_post_where_no_list_does(facebook, server, bread, orphan, since):
    named = [says(id=photo, page_story_id="1001_5") for photo in ("71", "72")]
    server.answers(NO_SUCH_EDGE, says(data=[]), *named, says(**orphan), WITNESS)
    assert sought(facebook, bread, since).found == ("1001_5",)


def test_a_post_that_tells_its_photos_by_other_ids_is_known_by_our_photos(facebook, server, bread, orphan, since):
    named = [says(id=photo, page_story_id="1001_5") for photo in ("71", "72")]
    told = {**orphan, "attachments": {"data": [photo("1001_5-0"), photo("1001_5-1")]}}
    server.answers(says(data=[told]), *named, WITNESS)
    assert sought(facebook, bread, since).found == ("1001_5",)


def test_what_nearly_fits_is_no_proof_that_there_is_nothing(facebook, server, bread, orphan, since):
    server.answers(says(data=[{**orphan, "attachments": None}]), *USED, WITNESS)
    assert sought(facebook, bread, since) == Sought((), lists=True, alike=("1001_5",))


@pytest.mark.parametrize(
    "but",
    [
        {"message": "Other"},
        {"is_published": True},
        {"is_published": None},
        {"application": {"id": "app-2"}},
        {"application": None},
        {"created_time": "2026-11-23T08:59:59+0000"},
        {"created_time": None},
        {"attachments": {"data": [photo("71")]}},
        {"attachments": {"data": [photo("71"), photo("99")]}},
        {"attachments": None},
    ],
)
def test_what_differs_in_one_thing_is_not(facebook, server, bread, orphan, since, but):
    server.answers(says(data=[{**orphan, **but}]), *USED, WITNESS)
    assert sought(facebook, bread, since).found == ()


@pytest.mark.parametrize(("link", "found"), [("https://example.com/", ("1001_5",)), ("https://example.com/other", ())])
def test_a_link_must_be_the_same(facebook, server, orphan, since, link, found):
    shown = {"data": [{"type": "share", "unshimmed_url": "https://example.com/"}]}
    server.answers(says(data=[{**orphan, "attachments": shown}]), WITNESS)
    assert sought(facebook, Content("Bread", link=link), since, photos=()).found == found


def test_without_a_post_of_ours_nobody_knows_which_app_we_are(facebook, server, bread, orphan, since):
    server.answers(says(data=[orphan]), *USED)
    assert sought(facebook, bread, since, witnesses=()) == Sought((), lists=False, alike=("1001_5",))


def test_the_feed_is_asked_where_there_is_no_other_list(facebook, server, bread, orphan, since):
    server.answers(NO_SUCH_EDGE, says(data=[orphan]), *USED, WITNESS)
    assert sought(facebook, bread, since).found == ("1001_5",)


def test_a_feed_without_anything_unpublished_says_nothing(facebook, server, bread, since):
    server.answers(NO_SUCH_EDGE, says(data=[{"id": "1001_1", "is_published": True}]), *USED)
    assert sought(facebook, bread, since) == Sought((), lists=False)


def test_a_throttle_ends_the_search(facebook, server, bread, since):
    server.answers(refuses(4))
    with pytest.raises(PlatformError):
        sought(facebook, bread, since)


def test_a_second_more_or_less_is_how_the_platform_rounds(facebook, server, bread, orphan, since):
    server.answers(says(data=[orphan]), *USED, WITNESS)
    assert sought(facebook, bread, since + timedelta(milliseconds=900)).found == ("1001_5",)


@pytest.mark.parametrize("behind", [45, -45])
def test_a_clock_that_is_wrong_is_known_by_the_date_of_its_answers(facebook, server, bread, orphan, since, behind):
    moment = datetime.now(UTC) - timedelta(seconds=behind)
    made = {**orphan, "created_time": moment.strftime("%Y-%m-%dT%H:%M:%S+0000")}
    answers = [says(data=[made]), says(id="71"), says(id="72"), says(id="1001_1", application=APP)]
    server.answers(*[replace(answer, headers={"Date": format_datetime(moment, usegmt=True)}) for answer in answers])
    assert sought(facebook, bread, datetime.now(UTC) - timedelta(seconds=1)).found == ("1001_5",)


def test_words_that_only_read_the_same_prove_neither(facebook, server, bread, orphan, since):
    server.answers(says(data=[{**orphan, "message": "Bre\u200bad "}]), *USED, WITNESS)
    assert sought(facebook, bread, since) == Sought((), lists=True, alike=("1001_5",))


def test_a_time_that_does_not_fit_proves_neither_that_it_is_ours_nor_that_it_is_not(
    facebook, server, bread, orphan, since
):
    server.answers(says(data=[{**orphan, "created_time": "2026-11-23T08:00:00+0000"}]), *USED, WITNESS)
    assert sought(facebook, bread, since) == Sought((), lists=True, alike=("1001_5",))
