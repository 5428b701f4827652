"""From an uploaded file to a preview, and from there to drafts, by the importer that the command uses too."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from approval import sheets
from approval.batches.models import Batch
from approval.importing import Bad, Foreseen, Importer, Kept, attempt
from approval.shelves import Uploaded
from approval.wishes import BOM, Line, json_lines
from publishing import images
from publishing.models import Image
from sophia.alarms import set_alarm
from sophia.doors import Via
from sophia.refusals import NotAcceptable, Refused

MOST_LINES = 2000
"""To foresee so many takes most of a second of the web. `import_drafts` takes any number."""
AT_ONCE = 20
"""Lines that are brought in while somebody waits. More are left to a worker."""
TOGETHER = 10
"""Lines of one transaction. Publishing waits for it where one writes at a time."""
BREATH = 0.05
"""Seconds between two of them, in which others write."""
TURN = timedelta(seconds=20)
"""So long a worker goes on before it lets others of its queue take their turn."""
SHOWN = 100
"""Good lines of a preview, and drafts of an outcome."""
TOLD = 20
"""Lines of a preview whose suggested time has passed."""
JSON_NAMES = (".jsonl", ".ndjson", ".json")


def read(name: str, content: bytes) -> sheets.Sheet:
    """Refused when it is no file of drafts, or one with too many lines."""
    start = content.removeprefix(BOM).lstrip()[:1]
    if name.lower().endswith(JSON_NAMES) or start == b"{":
        sheet = sheets.Sheet(list(islice(json_lines(content.splitlines()), MOST_LINES + 1)), [])
    else:
        sheet = sheets.read(content, MOST_LINES + 1)
    if len(sheet.lines) > MOST_LINES:
        raise Refused(
            f"The file has more than {MOST_LINES:,} lines, and Sophia takes {MOST_LINES:,} at once. Split it."
        )
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
    """How many were created at once: all of a short file. What is left is a worker's."""
    with transaction.atomic():  # a file that is refused now is not confirmed either
        batch.begin(by=by)
        lines = read(batch.name, bytes(batch.content)).lines
        batch.expect(len(lines))
        if len(lines) > AT_ONCE:
            set_alarm("approval.tasks.bring", batch.pk, at=timezone.now())
            return 0
    bringer = importer(batch)
    while step(batch, bringer, lines):
        pass
    return int(batch.outcome["created"]) if batch.outcome else 0


def go_on(batch: Batch, until: datetime) -> None:
    try:
        lines, bringer = read(batch.name, bytes(batch.content)).lines, importer(batch)
    except Refused as refused:  # another version took such files
        give_up(batch, str(refused))
        return
    while timezone.now() < until and step(batch, bringer, lines):
        time.sleep(BREATH)


@transaction.atomic
def give_up(batch: Batch, because: str) -> None:
    batch.hold()
    if not batch.is_over:
        batch.note(told([Bad(batch.done + 1, because)], batch.outcome), batch.lines - batch.done)


def step(batch: Batch, bringer: Importer, lines: Sequence[Line]) -> bool:
    """The next lines, with the note that they are done, or nothing: whoever goes on after a worker that died begins
    where it began. False when all are done."""
    with transaction.atomic():
        batch.hold()
        if batch.is_over:
            return False
        part = lines[batch.done : batch.done + TOGETHER]
        outcomes = [attempt(line.number, partial(alone, bringer, line)) for line in part]
        batch.note(told(outcomes, batch.outcome), len(part))
    return True


@transaction.atomic
def alone(bringer: Importer, line: Line) -> Kept:
    """What a database refuses of one line spoils none of its neighbours."""
    return bringer.keep(line)


def told(outcomes: Sequence[Kept | Bad], before: dict[str, Any] | None) -> dict[str, Any]:
    found = before or {"created": 0, "unchanged": 0, "drafts": [], "bad": []}
    kept = [one for one in outcomes if isinstance(one, Kept)]
    bad = [[one.line, one.error] for one in outcomes if isinstance(one, Bad)]
    counts = {name: found[name] + sum(one.result == name for one in kept) for name in ("created", "unchanged")}
    drafts = [*found["drafts"], *(one.draft.pk for one in kept)]
    return {**counts, "drafts": drafts[:SHOWN], "bad": [*found["bad"], *bad]}
