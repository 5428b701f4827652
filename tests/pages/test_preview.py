import re

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


def test_the_whole_text_is_there_with_a_line_where_the_platform_cuts(desk, page, author):
    draft = make.draft(page, author, text=LONG)
    shown = desk.get(draft.get_absolute_url()).text
    words = shown.partition('data-part="text"')[2].partition("</div>")[0]
    first, cut, rest = re.findall(r"<p.*?>(.*?)</p>", words, re.S)
    assert f"{first} {rest}" == LONG.strip()
    assert "Facebook cuts about here" in cut
    assert "<details" not in shown.partition('class="seen"')[2].partition('class="deciding"')[0]


def test_all_images_and_alt_texts_are_there_also_those_that_facebook_hides(desk, page, author):
    colors = ["red", "green", "blue", "gold", "teal", "gray", "pink"]
    draft = make.draft(page, author, pictures=[(make.image(color), f"A {color} tile") for color in colors])
    shown = desk.get(draft.get_absolute_url()).text
    assert shown.count('class="frame"') == 7
    assert all(f"<b>Alt text</b> A {color} tile" in shown for color in colors)
    assert "Facebook shows the first five, and “+2”" in shown
