"""What a page, a sentence or a document tells people to type is what the command takes."""

import re

import pytest

from tests.documents import parsers
from tests.documents.hints import CALLED, arguments, hints, is_known, is_ours

HINTS = sorted(set(hints()))


@pytest.mark.parametrize(("where", "hint"), HINTS, ids=[f"{where} {hint[:50]}" for where, hint in HINTS])
def test_a_command_that_people_are_shown_is_taken(where, hint):
    name = CALLED.match(hint)["name"]
    assert is_known(name), f"{where}: there is no command {name}"
    given = arguments(hint) if is_ours(name) else None
    if given is not None:
        parsers.parser(name).parse_args(given)


def test_commands_are_found_where_people_see_them():
    shown = {where for where, _ in HINTS}
    assert {"templates/home.html", "sophia/health/house.py", "docs/operating.md", "approval/deciding.py"} < shown
    assert any(re.match(r"README\.md:\d+", where) for where in shown)


@pytest.mark.parametrize(
    ("hint", "given"),
    [
        ("manage.py resume 3 --by USER lifts it.", ["3", "--by", "USER"]),
        ("manage.py drafts --state in_review lists them.", ["--state", "in_review"]),
        ("manage.py token list names them.", ["list"]),
        ("manage.py serve, or manage.py serve --workers-only", None),
        ("manage.py connect facebook …", None),
        ('manage.py pause --by olga --reason "Bad news day"', ["--by", "olga", "--reason", "Bad news day"]),
    ],
)
def test_the_words_of_a_command_are_told_from_the_sentence(hint, given):
    assert arguments(hint) == given


def test_a_wrong_option_is_noticed():
    with pytest.raises(Exception, match="unrecognized arguments: --force"):
        parsers.parser("resume").parse_args(arguments("manage.py resume 3 --by USER --force"))
