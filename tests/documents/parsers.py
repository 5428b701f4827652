"""The commands of Sophia, and what their parsers say of them."""

import argparse
from argparse import SUPPRESS, Action, ArgumentParser
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

OURS = ("sophia", "publishing", "approval")


def names() -> list[str]:
    found = get_commands()
    return sorted(name for name, app in found.items() if str(app).split(".")[0] in OURS)


@cache
def command(name: str) -> BaseCommand:
    return load_command_class(get_commands()[name], name)


@cache
def parser(name: str) -> ArgumentParser:
    found = command(name).create_parser("manage.py", name)
    found.allow_abbrev = False  # What is shown is written out.
    return found


@cache
def everywhere() -> frozenset[str]:
    """What Django gives to each command."""
    bare = BaseCommand().create_parser("manage.py", "any")
    return frozenset(option for action in bare._actions for option in action.option_strings)


def verbs(name: str) -> Iterator[tuple[str, str, ArgumentParser]]:
    """Each way to call it: `token` has three, most have one. With what it does, and its parser."""
    above = parser(name)
    below = next((each for each in above._actions if isinstance(each, argparse._SubParsersAction)), None)
    if below is None:
        yield name, above.description or "", above
        return
    helps = {each.dest: each.help or "" for each in below._choices_actions}
    for verb, its in below.choices.items():
        yield f"{name} {verb}", helps[verb], its


def actions(its: ArgumentParser) -> list[Action]:
    """Its own, without --json, which all have."""
    own = [action for action in its._actions if not everywhere() & set(action.option_strings)]
    return [action for action in own if action.help != SUPPRESS and action.option_strings != ["--json"]]


def takes_json(name: str) -> bool:
    return any("--json" in action.option_strings for action in parser(name)._actions)


def value(action: Action) -> str:
    """What stands for it on the command line. Empty where it takes none."""
    if action.nargs == 0:
        return ""
    if action.choices and not action.metavar:
        return "|".join(map(str, action.choices))
    said: Any = action.metavar or action.dest.upper()
    return f"{said}…" if action.nargs in {"+", "*"} else str(said)


def spelled(action: Action) -> str:
    return " ".join(filter(None, [*action.option_strings[-1:], value(action)]))


def is_needed(action: Action) -> bool:
    return action.required if action.option_strings else action.nargs not in {"?", "*"}
