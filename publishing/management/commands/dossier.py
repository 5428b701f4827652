from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from publishing.dossier.packet import Dossier
from publishing.models import Publication
from sophia.command import DeskCommand

STDOUT = "-"


class Command(DeskCommand):
    help = (
        "Writes the proof of approval of a publication: one HTML file that opens without network and prints well. "
        "With --json the same facts go to stdout as one JSON document, and the file is written only if --out names it."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("publication", help="Its id, its permalink, or the platform's id of the post.")
        parser.add_argument(
            "--out", metavar="FILE", help="Where the HTML goes; - for stdout. Default: dossier-ID.html."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"] and options["out"] == STDOUT:
            raise CommandError("--json has stdout for itself. Name a file for the HTML: --out dossier.html.")
        dossier = Dossier.of(Publication.objects.named(options["publication"]))
        if options["out"] == STDOUT:
            self.stdout.write(ascii_only(dossier.html()))
            return
        path = Path(options["out"] or f"{dossier.name}.html")
        if options["out"] or not options["json"]:
            keep(dossier.html(), path)
        said = f"Wrote {path}. {dossier.document['stands']} Digest: {dossier.document['digest']}"
        self.stdout.write(dossier.json() if options["json"] else said)


def keep(page: str, path: Path) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as wrong:
        raise CommandError(f"{path} cannot be written: {wrong.strerror}.") from wrong


def ascii_only(page: str) -> str:
    """The same page, whatever the terminal or the pipe takes for text."""
    return page.encode("ascii", "xmlcharrefreplace").decode()
