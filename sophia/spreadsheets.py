"""Lists as CSV files that Excel and other programs open without a question."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse
from django.utils import timezone

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the machine. Everything else that matters skips it."""
SIGNS = "=+@\\-＝＋－＠﹢﹣﹦﹫−"
MOST = 3000
"""Rows of one file. They take most of a second of the web."""
FORMULA = re.compile(rf"(^|[;\t\r\n])([\s\"'\u200b-\u200f\u2060\ufeff]*)(?=[{SIGNS}])")
"""Where a cell begins that spreadsheets run, also after blanks, and in the full width of East Asia. Who opens the file
with another separator cuts the cell there, and so does a line's end."""


class Line:
    """What `csv` writes to: hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def download(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A file called `name` and today's date, written while it is sent."""
    response = StreamingHttpResponse(lines(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def lines(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield BOM + writer.writerow(heads)
    for number, row in enumerate(rows):
        if number == MOST:
            yield writer.writerow([f"These are the first {MOST:,}. There are more: choose a client or a state."])
            return
        yield writer.writerow([cell(value) for value in row])


def cell(value: Any) -> str:
    text = "" if value is None else str(value)
    if text.isalnum():
        return text
    return FORMULA.sub(r"\1'\2", text)


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """ISO 8601 with the offset of the client's clock."""
    return at.astimezone(zone).isoformat(timespec="seconds") if at else ""
