from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from sophia.command import DeskCommand
from sophia.health import examination, figures


class Command(DeskCommand):
    help = "Looks whether everything is as it should be, and says what to do where it is not. Exit 1 when it is not."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--deep", action="store_true", help="Also read every image that may still go out.")

    def handle(self, *args: Any, **options: Any) -> None:
        taken = figures.take()
        found = examination.examine(deep=options["deep"])
        document = taken.as_json() | {"findings": [asdict(finding) for finding in found]}
        lines = [f"{finding.sentence}\n    {finding.to_do}" for finding in found] or ["Everything is as it should be."]
        self.answer(options, document, [*lines, summary(taken)])
        if found:
            raise CommandError(f"{len(found)} things are not as they should be.")


def summary(taken: figures.Figures) -> str:
    counts = {name: getattr(taken, name) for name in ("overdue", "stuck", "unconfirmed", "missed", "held_accounts")}
    return ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())
