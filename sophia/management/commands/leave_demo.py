import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from sophia.command import DeskCommand, person
from sophia.demo import leaving, traces
from sophia.demo.leaving import Left


class Command(DeskCommand):
    help = (
        "Makes a real desk of a demo: its people cannot sign in any more, its accounts lose their tokens, and what "
        "waits for them is cancelled or skipped. What was approved or published stays as history. Shows first what it "
        "finds, and asks, unless --yes."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, metavar="USER", help="An administrator who is not of the demo.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        leaving.require_leavable(by)
        found = traces.sentence()
        if not found:
            self.answer(options, asdict(Left([], [], 0, 0, 0)), ["There is nothing of a demo here."])
            return
        if not options["yes"]:
            self.ask(found, options)
        left = leaving.leave(by=by)
        self.answer(options, asdict(left), lines(left))

    def ask(self, found: str, options: dict[str, Any]) -> None:
        if not options["json"]:
            self.stdout.write(found)
        if options["json"] or not (sys.stdin and sys.stdin.isatty()):
            raise CommandError("Nothing was changed. Nobody can be asked here: add --yes to go on without asking.")
        if input("Leave the demo? [y/N] ").strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was changed.")


def lines(left: Left) -> list[str]:
    return [
        f"Switched off: {', '.join(left.people) or 'nobody'}.",
        f"Without a token: {', '.join(left.accounts) or 'no account'}.",
        f"Posts cancelled: {left.cancelled}. Drafts skipped: {left.skipped}. Take-downs dismissed: {left.dismissed}.",
        "Set DEBUG=0 and SOPHIA_SANDBOX=0 in .env, and start manage.py serve.",
    ]
