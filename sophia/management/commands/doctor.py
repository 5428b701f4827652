from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from sophia.command import DeskCommand
from sophia.findings import Finding
from sophia.health import examination, figures


class Command(DeskCommand):
    help = (
        "Looks whether everything is as it should be, and says what to do where it is not. Exit 1 when publishing or "
        "taking down does not work, or may not: then /healthz answers 503."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        deep = "Also read every image that may still go out, every history, and the whole file of SQLite."
        parser.add_argument("--deep", action="store_true", help=deep)

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found = examination.examine(now, deep=options["deep"])
        taken = figures.counted(now, found)
        document = taken.as_json() | {"findings": [asdict(finding) for finding in found]}
        self.answer(options, document, [*map(said, found), *kindly(found), summary(taken)])
        if not taken.is_sound:
            raise CommandError(f"{sum(finding.ill for finding in found)} things are not as they should be.")


def said(finding: Finding) -> str:
    return f"{finding.sentence}\n    {finding.to_do}"


def kindly(found: Sequence[Finding]) -> Iterator[str]:
    if not found:
        yield "Everything is as it should be."
    elif not any(finding.ill for finding in found):
        yield "Publishing works. The above needs a person."


def summary(taken: figures.Figures) -> str:
    counts = {name: getattr(taken, name) for name in ("overdue", "stuck", "unconfirmed", "missed", "held_accounts")}
    return ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())
