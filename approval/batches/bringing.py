"""From an uploaded file to a preview, and from there to drafts, by the importer that the command uses too."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from approval import sheets
from approval.batches.models import Batch
from approval.importing import Bad, Foreseen, Importer, Kept
from approval.shelves import Uploaded
from approval.wishes import BOM, json_lines
from publishing import images
from publishing.models import Image
from sophia.doors import Via
from sophia.refusals import NotAcceptable, Refused

MOST_LINES = 5000
SHOWN = 100
"""Good lines of a preview, and drafts of an outcome."""
TOLD = 20
"""Lines of a preview whose suggested time has passed."""
JSON_NAMES = (".jsonl", ".ndjson", ".json")


def read(name: str, content: bytes) -> sheets.Sheet:
    """Refused when it is no file of drafts, or one with too many lines."""
    start = content.removeprefix(BOM).lstrip()[:1]
    if name.lower().endswith(JSON_NAMES) or start == b"{":
        sheet = sheets.Sheet(list(json_lines(content.splitlines())), [])
    else:
        sheet = sheets.read(content)
    if len(sheet.lines) > MOST_LINES:
        raise Refused(f"The file has {len(sheet.lines):,} lines; Sophia takes {MOST_LINES:,} at once. Split it.")
    if not sheet.lines:
        raise Refused("The file holds no drafts: below the names of the columns there is no line.")
    return sheet


def stored(uploads: Iterable[Any], by: User) -> tuple[dict[str, Image], dict[str, str]]:
    """Each uploaded image by its name, and what is wrong with the others."""
    kept: dict[str, Image] = {}
    refused: dict[str, str] = {}
    for upload in uploads:
        name = PurePath(upload.name).name
        if name in kept or name in refused:
            kept.pop(name, None)
            refused[name] = f"Two of the uploaded images are called {name}."
            continue
        try:
            kept[name] = images.store(upload.read(images.MAX_UPLOAD + 1), name, by=by)
        except NotAcceptable as wrong:
            refused[name] = str(wrong)
    return kept, refused


def importer(batch: Batch) -> Importer:
    shelf = Uploaded(batch.images(), batch.refused)
    return Importer(shelf, batch.by, batch.submit, via=Via.WEB)


@dataclass(frozen=True)
class Preview:
    new: list[Foreseen]
    known: list[Foreseen]
    bad: list[Bad]
    warnings: list[str]
    unused: list[str]
    """Images that no line names."""


def preview(batch: Batch) -> Preview:
    sheet = read(batch.name, bytes(batch.content))
    outcomes = list(importer(batch).foresee(sheet.lines))
    good = [one for one in outcomes if isinstance(one, Foreseen)]
    used = {image.sha256 for one in good for image, _ in one.wanted.content["pictures"]}
    return Preview(
        [one for one in good if not one.known],
        [one for one in good if one.known],
        [one for one in outcomes if isinstance(one, Bad)],
        [*sheet.warnings, *batch.refused.values(), *passed(good)],
        [name for name, sha256 in batch.pictures.items() if sha256 not in used],
    )


def passed(good: list[Foreseen]) -> list[str]:
    late = [f"Line {one.line}: {one.over}" for one in good if one.over]
    return late[:TOLD] + [f"The same is so of {len(late) - TOLD} more lines."] * (len(late) > TOLD)


def bring(batch: Batch, by: User) -> int:
    """How many were created. Each line is a transaction of its own."""
    with transaction.atomic():  # a file that is refused now is not confirmed either
        batch.begin(by=by)
        sheet = read(batch.name, bytes(batch.content))
    outcome = told(importer(batch).run(sheet.lines))
    batch.finish(outcome)
    return int(outcome["created"])


def told(outcomes: Iterable[Kept | Bad]) -> dict[str, Any]:
    counts, drafts, bad = {"created": 0, "unchanged": 0}, [], []
    for one in outcomes:
        if isinstance(one, Bad):
            bad.append([one.line, one.error])
        else:
            counts[one.result] += 1
            drafts.append(one.draft.pk)
    return {**counts, "drafts": drafts[:SHOWN], "bad": bad}
