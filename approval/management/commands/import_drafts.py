import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError

from approval import sheets
from approval.importing import Bad, Importer, Kept
from approval.shelves import Folder
from approval.wishes import Line, json_lines
from sophia.command import DeskCommand, person


class Command(DeskCommand):
    help = (
        "Reads drafts as JSON lines, or from a .csv file: ref, account, text, link, images, alt, suggested_at, title. "
        "Good lines are kept, bad ones are reported. What is brought again is not a second draft: it is known by its "
        "ref, else by account, content and time. "
        "Image paths start at the file's folder."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help="A file of JSON lines or .csv, or - for JSON lines from stdin."
        )
        parser.add_argument("--submit", action="store_true", help="Ask for a decision at once.")
        parser.add_argument("--by", metavar="USER", help="The author. Left out: a machine wrote them.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"]) if options["by"] else None
        folder = Path() if options["file"] == "-" else Path(options["file"]).parent
        with opened(options["file"]) as lines:
            outcomes = list(Importer(Folder(folder, by), by, options["submit"]).run(self.read(options["file"], lines)))
        kept = [outcome for outcome in outcomes if isinstance(outcome, Kept)]
        bad = [outcome for outcome in outcomes if isinstance(outcome, Bad)]
        self.answer(
            options,
            document(kept, bad),
            [f"Line {k.line}: draft {k.draft.pk} is {k.result}. {k.over}".strip() for k in kept],
        )
        if bad:
            raise CommandError("\n".join(report(bad, len(outcomes))))

    def read(self, name: str, lines: BinaryIO | Iterable[bytes]) -> Iterable[Line]:
        if not name.lower().endswith((".csv", ".tsv")):
            return json_lines(lines)
        sheet = sheets.read(b"".join(lines))
        for warning in sheet.warnings:
            self.stderr.write(warning)
        return sheet.lines


@contextmanager
def opened(name: str) -> Iterator[BinaryIO | Iterable[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:
            yield file
    except OSError as wrong:
        raise CommandError(f"{name} cannot be read: {wrong.strerror}.") from wrong


def document(kept: list[Kept], bad: list[Bad]) -> dict[str, Any]:
    drafts = [
        {"line": k.line, "ref": k.draft.ref, "id": k.draft.pk, "state": k.draft.state, "result": k.result} for k in kept
    ]
    late = [{"line": k.line, "warning": k.over} for k in kept if k.over]
    return {"drafts": drafts, "errors": [{"line": b.line, "error": b.error} for b in bad], "warnings": late}


def report(bad: list[Bad], total: int) -> list[str]:
    head = f"{len(bad)} of {total} lines were not imported. Correct them and import the file again: the others stay."
    return [head, *(f"Line {b.line}: {b.error}" for b in bad)]
