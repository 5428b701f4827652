import pytest

from publishing.platforms.likeness import loosely, same, words

BREAD = "Pão às sete ☀ — fresco."


@pytest.mark.parametrize(
    "other",
    [
        "Pa\u0303o a\u0300s sete ☀ — fresco.",
        "Pão às  sete\r\n☀ — fresco. ",
        "Pão às sete ☀\ufe0f — fresco.",
        "\ufeffPão\u200b às sete\u00a0☀ — fresco.\u2060",
        "Pa\u200b\u0303o às sete ☀ — fresco.",
    ],
)
def test_what_apps_change_on_their_own_makes_no_other_text(other):
    assert same(BREAD, other)


@pytest.mark.parametrize("other", ["pão às sete ☀ — fresco.", "Pão às sete — fresco.", "Pão às sete ☀ — fresco", ""])
def test_another_letter_makes_another_text(other):
    assert not same(BREAD, other)


def test_what_turns_the_direction_of_a_text_is_part_of_it():
    assert not same("Price 9.00 EUR", "Price \u202e9.00 EUR\u202c")


def test_a_text_of_nothing_visible_has_no_words():
    assert words("\u200b \ufe0f\n") == ""


def test_capitals_make_no_difference_where_it_is_only_held():
    assert loosely("ＦRESH\ufe0f  Straße") == loosely("fresh strasse")
