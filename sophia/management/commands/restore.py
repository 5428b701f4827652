from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from sophia.backup import restoring
from sophia.backup.archive import opened
from sophia.command import DeskCommand

AFTERWARDS = (
    "Nothing of an account goes out before Sophia has read what it posted since: start serve, then manage.py doctor. "
    "But not for a drill: it has the tokens, and would publish.",
    "Pauses, people, client links and tokens are as they were then: lift, switch off and revoke again what was since.",
)


class Command(DeskCommand):
    help = (
        "Puts a backup back: into an empty desk, or with --replace in the place of another. Refuses while workers run, "
        "and before it has touched anything when the archive is damaged or its keys are not these. What was due since "
        "comes back as missed. Exit 1 when a seal does not fit."
    )
    needs_known_keys = False  # The database that is there is about to go. The archive has a canary of its own.

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="What backup wrote.")
        parser.add_argument("--replace", action="store_true", help="The database that is there goes.")

    def handle(self, *args: Any, **options: Any) -> None:
        with opened(options["file"]) as archive:
            restored = restoring.restore(archive, replace=options["replace"])
        held = restored.publications - len(restored.broken)
        lines = [
            f"Restored the backup of {restored.taken_at:%Y-%m-%d %H:%M} UTC, with {restored.images} images.",
            f"{held} of {restored.publications} seals hold.",
            *restored.broken,
            f"{restored.missed} publications are missed and {restored.doubtful} in doubt: each may be out already.",
            *[f"What was there before is kept: {path}" for path in restored.aside],
            *AFTERWARDS,
        ]
        self.answer(options, asdict(restored) | {"seals": held}, lines)
        if restored.broken:
            raise CommandError(f"{len(restored.broken)} seals do not fit. These publications will not be sent.")
