import pytest

from sophia.templatetags.preview import fold
from tests import make

LONG = "A quiet morning in the workshop. " * 20


@pytest.mark.parametrize(("platform", "characters"), [("facebook", 477), ("instagram", 125)])
def test_a_long_text_is_cut_between_words_where_the_platform_cuts(platform, characters):
    shown = fold(LONG, platform)
    assert characters - 12 < len(shown) <= characters
    assert LONG[len(shown)] == " "


def test_many_lines_are_cut_too():
    assert fold("one\ntwo\nthree\nfour\nfive\nsix", "facebook") == "one\ntwo\nthree\nfour\nfive"


def test_one_endless_word_is_cut_as_well():
    assert len(fold("w" * 900, "facebook")) == 477


def test_a_short_text_is_not_cut():
    assert fold("Fresh bread at seven.", "facebook") == ""


def test_the_whole_text_is_one_press_away(desk, page, author):
    draft = make.draft(page, author, text=LONG)
    shown = desk.get(draft.get_absolute_url()).text
    assert "… See more" in shown
    assert LONG.strip() in shown
    assert "Facebook cuts after about 477 characters or 5 lines" in shown


def test_facebook_shows_five_images_and_says_how_many_more(desk, page, author):
    colors = ["red", "green", "blue", "gold", "teal", "gray", "pink"]
    draft = make.draft(page, author, pictures=[(make.image(color), "") for color in colors])
    shown = desk.get(draft.get_absolute_url()).text
    assert shown.count('class="frame"') == 5
    assert "+2<" in shown
