from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User

from approval.deciding import DecideCommand
from approval.models import Draft
from sophia.doors import Via


class Command(DecideCommand):
    help = "Rejects a draft. Tags and a note tell its author why."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        super().add_own_arguments(parser)
        parser.add_argument("--tag", action="append", default=[], help="Why, in a word. Can be given several times.")

    def decide(self, draft: Draft, by: User, options: dict[str, Any]) -> None:
        draft.reject(by=by, tags=options["tag"], note=options["note"], via=Via.CLI)
