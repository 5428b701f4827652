import pytest

from approval.models import Draft
from publishing import limits
from publishing.platforms import addresses
from publishing.platforms.base import Content, Image
from publishing.platforms.invisible import found, is_blank, shown
from sophia.refusals import NotAcceptable
from tests import make

PICTURED = (Image("0" * 64, "image/jpeg", "", b""),)


@pytest.mark.parametrize(
    ("text", "count"),
    [("#a#b#c", 3), ("#a #b", 2), ("x#a", 1), ("＃パン", 1), ("##a", 2), ("&#39;", 1), ("No. 1", 0)],
)
def test_hashtags_are_counted_as_the_strictest_counter_does(text, count):
    assert limits.hashtags(text) == count


def test_mentions_too():
    assert limits.mentions("@a@b me@example.com ＠c") == 4


def test_thirty_one_hashtags_without_blanks_are_refused_before_anybody_approves(instagram, author, settings):
    settings.SOPHIA_PLATFORMS = {"instagram": "publishing.platforms.instagram.Instagram"}
    with pytest.raises(NotAcceptable, match="31 hashtags; Instagram takes 30"):
        make.draft(instagram, author, text="#tag" * 31, pictures=[(make.image(), "")])


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/menu-old",
        "https://example.com/menu/today",
        "https://example.com/menu?old",
        "https://example.org/?to=https://example.com/menu",
        "http://example.com/menu",
    ],
)
def test_a_link_is_left_out_for_no_other_address_that_begins_alike(text):
    assert Content(text, "https://example.com/menu", PICTURED).message == f"{text}\n\nhttps://example.com/menu"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("The menu (https://example.com/menu).", "https://example.com/menu"),
        ("https://EXAMPLE.com", "https://example.com/"),
        ("See https://example.com/a_(b), now", "https://example.com/a_(b)"),
        ("“https://example.com/menu”!", "https://example.com/menu"),
    ],
)
def test_the_same_address_in_the_text_is_not_said_twice(text, link):
    assert Content(text, link, PICTURED).message == text


def test_an_address_that_is_none_is_compared_as_it_is():
    assert not addresses.holds("https://[::1/", "https://[::2/")


# What nobody sees


@pytest.mark.parametrize("text", ["\u200b", "\u2800\u3164", " \ufeff\n\u00ad", "\u202e\u202c", "\ufe0f"])
def test_a_text_that_nobody_sees_is_no_text(page, author, text):
    assert is_blank(text)
    with pytest.raises(NotAcceptable, match="The post is empty"):
        make.draft(page, author, text=text)


def test_neither_is_such_a_title_or_alt_text(page, author):
    draft = make.draft(page, author, title="\u200b", pictures=[(make.image(), "\u200b")])
    assert (draft.title, draft.pictures.get().alt) == ("", "")


def test_what_was_kept_before_is_judged_by_what_is_seen_too(page, author):
    draft = make.draft(page, author)
    make.behind_the_back(draft, text="\u200b\u2060")
    assert "The post is empty" in Draft.objects.get().problems()[0]


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 ❤️ 1️⃣ 🏳️‍🌈 🧑🏽‍💻 👁️‍🗨️ ⛹🏽‍♀️ ‼️ ©️",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष",
        "葛\U000e0100",
        "Two\nlines\tand a tab",
    ],
)
def test_emoji_and_scripts_may_have_what_they_need(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["a\u200db", "a\u200cb", "A\ufe0f", "a\u0007", "\U0001f3f4" + "\U000e0068" * 20])
def test_elsewhere_the_same_characters_are_noticed(text):
    assert found(text)


def test_a_text_is_shown_as_it_is_stored():
    assert shown("Price \u202e00.9 EUR\u202c") == "Price ⟨U+202E⟩00.9 EUR⟨U+202C⟩"
