import pytest

from sophia.templatetags.desk import DIFFED, change, gist


def pieces(was, now):
    found = change("text", was, now)["words"]
    assert "".join(words for kind, words in found if kind != "new") == was
    assert "".join(words for kind, words in found if kind != "old") == now
    return found


def test_a_short_text_is_compared_by_word():
    assert ("new", "six.") in pieces("Bread at seven.", "Bread at six.")


def test_a_long_text_is_compared_by_line():
    same = "bread and butter\n" * DIFFED
    assert pieces("one two\n" + same[: -17 * 1000], "one three\n" + same[: -17 * 1000])[:2] == [
        ("old", "one two\n"),
        ("new", "one three\n"),
    ]


@pytest.mark.parametrize("line_end", [" ", "\n"])
def test_a_very_long_repetitive_text_is_shown_old_and_new(line_end):
    was, now = ("ab" + line_end) * 20_000, ("ba" + line_end) * 20_000
    assert pieces(was, now) == [("old", was), ("new", now)]


def test_what_stayed_the_same_is_shown_only_around_a_change():
    shown = gist("begins here " + "and goes on " * 50 + "ends here")
    assert shown.startswith("begins here and")
    assert " … " in shown
    assert shown.endswith("ends here")
    assert len(shown) < 170


def test_a_short_stretch_is_shown_whole():
    assert gist(" at seven, ") == " at seven, "
