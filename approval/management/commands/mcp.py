import os
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from asgiref.sync import async_to_sync
from django.core.management.base import CommandError

from approval.agents import stdout
from approval.agents.callers import Caller, authenticate, named
from approval.agents.writing import Given
from sophia.command import DeskCommand, person
from sophia.refusals import Refused


class Command(DeskCommand):
    help = (
        "Serves agents over stdio, by the Model Context Protocol, until stdin ends: they submit drafts and read what "
        "humans decided. Acts as --by USER, or as the API token in SOPHIA_TOKEN."
    )
    answers_json = False

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", metavar="USER", help="Who acts. Left out: whose token SOPHIA_TOKEN is.")
        parser.add_argument("--images", metavar="FOLDER", help="The agent may name the image files in it.")

    def handle(self, *args: Any, **options: Any) -> None:
        if find_spec("mcp") is None:
            raise CommandError("The package mcp is not installed. Run bin/setup --with mcp.")
        who, shelf = acting(options["by"]), Given(folder_of(options["images"]))
        out = stdout.alone()
        serving = import_module("approval.agents.serving")
        async_to_sync(serving.over_stdio)(serving.server_for(who, shelf), out)


def acting(username: str | None) -> Callable[[], Caller]:
    token = os.environ.get("SOPHIA_TOKEN", "").strip()
    if username:
        person(username)
        return partial(named, username)
    if not token:
        raise CommandError("Say who acts: --by USER, or an API token in the environment variable SOPHIA_TOKEN.")
    who = partial(authenticate, f"Bearer {token}")
    try:
        who()
    except Refused as refused:
        raise CommandError(f"SOPHIA_TOKEN: {refused}") from refused
    return who


def folder_of(path: str | None) -> Path | None:
    if path and not Path(path).is_dir():
        raise CommandError(f"There is no folder {path}.")
    return Path(path) if path else None
