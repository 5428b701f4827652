import time

import pytest

from sophia.refusals import WrongState
from sophia.templatetags.desk import change, changes, gist
from tests import make


def pieces(was, now):
    found = change("text", was, now)["words"]
    assert "".join(words for kind, words in found if kind != "new") == was
    assert "".join(words for kind, words in found if kind != "old") == now
    return found


def test_a_short_text_is_compared_by_word():
    assert ("new", "six.") in pieces("Bread at seven.", "Bread at six.")


def test_a_long_text_is_compared_by_line():
    was, now = ("".join(f"{word} {number}\n" for number in range(200)) for word in ("bread", "butter"))
    assert pieces(f"one two\n{was}", f"one two\n{now}same\n")[0] == ("same", "one two\n")
    assert pieces(f"{was}same\n{was}", f"{now}same\n{now}")[2] == ("same", "same\n")


@pytest.mark.parametrize("line_end", [" ", "\n"])
def test_a_very_long_repetitive_text_is_shown_old_and_new(line_end):
    was, now = ("ab" + line_end) * 20_000, ("ba" + line_end) * 20_000
    assert pieces(was, now) == [("old", was), ("new", now)]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("a b " * 150, "b a " * 150),
        ("a " * 300, "a " * 299 + "b"),
        ("a\n" * 30_000, "a\n" * 29_000 + "b"),
        ("x" * 60_000, "y" * 60_000),
        (" ".join("ab" * 150), " ".join("ba" * 150)),
    ],
    ids=range(5),
)
def test_no_text_takes_long_to_compare(was, now):
    began = time.process_time()
    pieces(was, now)
    assert time.process_time() - began < 0.5


def test_pieces_that_stay_are_found_around_and_between_changes():
    assert pieces("Bread at seven, fresh.", "Buns at six, fresh.") == [
        ("old", "Bread"),
        ("new", "Buns"),
        ("same", " at "),
        ("old", "seven,"),
        ("new", "six,"),
        ("same", " fresh."),
    ]
    assert pieces("", "New.") == [("new", "New.")]
    assert pieces("Same.", "Same.") == [("same", "Same.")]


@pytest.mark.django_db
def test_an_edit_is_compared_once_when_it_is_written(author, page, monkeypatch):
    draft = make.draft(page, author, text="Bread at seven.")
    draft.edit(by=author, text="Bread at six.", link="", pictures=(), digest=draft.digest())
    kept = draft.decisions.get(verb="edited")
    monkeypatch.delattr("sophia.comparing.cuts_of")
    assert changes(kept.diff, kept.cuts) == [
        {"field": "text", "words": [("same", "Bread at "), ("old", "seven."), ("new", "six.")]}
    ]


@pytest.mark.django_db
def test_a_draft_is_edited_so_often_and_no_more(author, page, monkeypatch):
    monkeypatch.setattr("approval.models.MOST_EDITS", 1)
    draft = make.draft(page, author, text="One.")
    draft.edit(by=author, text="Two.", link="", pictures=(), digest=draft.digest())
    with pytest.raises(WrongState, match="was edited 1 times"):
        draft.edit(by=author, text="Three.", link="", pictures=(), digest=draft.digest())


def test_what_stayed_the_same_is_shown_only_around_a_change():
    shown = gist("begins here " + "and goes on " * 50 + "ends here")
    assert shown.startswith("begins here and")
    assert " … " in shown
    assert shown.endswith("ends here")
    assert len(shown) < 170


def test_a_short_stretch_is_shown_whole():
    assert gist(" at seven, ") == " at seven, "
