"""docs/commands.md is what the parsers say."""

import re

import pytest
from django.conf import settings

from tests.documents import parsers
from tests.documents.reference import DOCUMENT, written


def test_the_reference_is_what_the_parsers_say():
    assert DOCUMENT.read_text() == written(), "Run bin/reference."


def test_the_reference_is_the_same_on_every_machine(monkeypatch):
    before = written()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(settings, "PORT", 9999)
    monkeypatch.setattr(settings, "SOPHIA_WORKERS", 7)
    for cached in (parsers.command, parsers.parser):
        cached.cache_clear()
    assert written() == before
    assert str(settings.BASE_DIR) not in before


@pytest.mark.parametrize("name", parsers.names())
def test_every_command_and_every_argument_says_what_it_is_for(name):
    assert parsers.parser(name).description
    for spelled, does, its in parsers.verbs(name):
        assert does, spelled
        for action in parsers.actions(its):
            assert action.help, f"{spelled} {parsers.spelled(action)}"


def test_the_reference_names_every_command():
    found = (settings.BASE_DIR / app for app in parsers.OURS)
    ours = {path.stem for app in found for path in app.rglob("management/commands/[a-z]*.py")}
    assert set(re.findall(r"^## (\w+)$", DOCUMENT.read_text(), re.MULTILINE)) == ours
