import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from publishing.models import Witness
from publishing.models import heads as kept_outside
from sophia.command import DeskCommand
from sophia.refusals import Refused


class Command(DeskCommand):
    help = (
        "Shows the last line of each client's history: its number and its digest. Keep them outside Sophia: with "
        "--check it is seen whether the history of today still contains them. Exit 1 when it does not."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--client", metavar="NAME", help="Of this client alone.")
        one.add_argument("--check", metavar="FILE", type=Path, help="What this command wrote before, with --json.")
        one.add_argument(
            "--accept",
            action="store_true",
            help="Lines were cut off the end of a history, and you have looked at what waits to go out: from now on "
            "what is left counts. Says what was lost, and does it only with --yes.",
        )
        parser.add_argument("--yes", action="store_true", help="Do what --accept would do.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["yes"] and not options["accept"]:
            raise CommandError("--yes goes with --accept. Nothing was changed.")
        if options["check"]:
            self.compare(read(options["check"]), options)
            return
        if options["accept"]:
            self.accept(options)
            return
        heads = [row.head() for row in Witness.objects.heads()]
        if options["client"]:
            heads = [head for head in heads if head["client"] == options["client"]]
        lines = [f"{head['client']}: line {head['number']} of {head['at']}, {head['digest']}" for head in heads]
        self.answer(options, {"heads": heads}, lines or ["No history has begun."])

    def accept(self, options: dict[str, Any]) -> None:
        lost = list(kept_outside.lost().values())
        if options["yes"] and lost:
            kept_outside.accept()
        then = "Accepted: what waits goes out again at its time." if options["yes"] else "Add --yes to accept it."
        lines = [f"{fault[:1].upper() + fault[1:]}." for fault in lost]
        self.answer(
            options, {"lost": lost, "accepted": options["yes"]}, [*lines, then] if lost else ["Nothing is lost."]
        )

    def compare(self, kept: list[dict[str, Any]], options: dict[str, Any]) -> None:
        missing = [head for head in kept if not Witness.objects.contains_head(head)]
        lines = [f"{head['client']}: line {head['number']} is gone, or is another one." for head in missing]
        self.answer(options, {"checked": len(kept), "missing": missing}, lines or [f"All {len(kept)} are there."])
        if missing:
            raise CommandError(f"The history of {len(missing)} clients is not the one of then.")


def read(path: Path) -> list[dict[str, Any]]:
    try:
        heads = json.loads(path.read_text())["heads"]
        return [{name: head[name] for name in ("client_id", "client", "number", "digest")} for head in heads]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise Refused(f"{path} is not what manage.py heads --json has written: {wrong}") from wrong
