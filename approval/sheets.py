"""A table of drafts, as spreadsheets save it: CSV in whatever encoding and with whatever separator they chose."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from approval.wishes import FIELDS as COLUMNS
from approval.wishes import Line, Wish, checked
from sophia import fields
from sophia.refusals import Refused

SEPARATORS = ",;\t"
BETWEEN = "|"
"""Between several images, or alt texts, in one cell."""
LONGEST_CELL = 100_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CONTROL = dict.fromkeys([*range(9), *range(14, 32), 127])
TEMPLATE = [
    COLUMNS[:-1],
    ["autumn-1", "facebook:1001", "", "Fresh bread at seven.", "", "loaf.jpg|oven.jpg", "A loaf|The oven", ""],
    ["autumn-2", "facebook:1001", "For Friday", "Buns are back.", "https://example.com", "", "", "2026-10-01T09:00"],
]


@dataclass(frozen=True)
class Sheet:
    lines: list[Line]
    warnings: list[str]


def read(data: bytes, most: int | None = None) -> Sheet:
    """Refused when it is no table of drafts at all. What is wrong with one line is said when that line is read. Of more
    lines than `most` the rest is not looked at."""
    text, warnings = decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    try:
        heads = [head.strip().lower() for head in next(reader, [])]
        require_heads(heads)
        lines = list(islice(rows(reader, heads), most))
    except csv.Error as wrong:
        raise Refused(f"Line {reader.line_num} cannot be read as CSV: {because(wrong)}.") from None
    return Sheet(lines, warnings)


def decoded(data: bytes) -> tuple[str, list[str]]:
    if data.startswith(b"PK\x03\x04"):
        raise Refused("This is a workbook, not CSV. Save the sheet as CSV (UTF-8) and upload that.")
    if data.startswith(UTF_16):
        return plain(data.decode("utf-16", "replace")), []
    try:
        return plain(data.decode("utf-8-sig")), []
    except UnicodeDecodeError:
        warning = "The file is not UTF-8. It is read as Latin-1: look at the accents below, or save it as UTF-8."
        return plain(data.decode("cp1252", "replace")), [warning]


def plain(text: str) -> str:
    if not text.strip():
        raise Refused("The file is empty.")
    odd = sum(character in CONTROL for character in map(ord, text[:LONGEST_CELL]))
    if odd > 2 and odd * 200 > len(text[:LONGEST_CELL]):
        raise Refused("This is not a text file. Save the sheet as CSV (UTF-8) and upload that.")
    return text


def separator(text: str) -> str:
    """The one that finds the most known columns in the first line."""
    first = text.lstrip().splitlines()[0].lower().replace('"', "")
    return max(SEPARATORS, key=lambda one: sum(head.strip() in COLUMNS for head in first.split(one)))


def require_heads(heads: list[str]) -> None:
    """Half a table would become half of each post."""
    if unknown := fields.unknown(filter(None, heads), COLUMNS):
        meant = [f"“{head[:80]}”{instead(head)}" for head in unknown]
        raise Refused(f"These columns are not known: {', '.join(meant)}. Known are {', '.join(COLUMNS)}.")
    if "account" not in heads:
        raise Refused(f"The first line must name the columns, among them “account”. Known are {', '.join(COLUMNS)}.")
    if doubled := [head for head in COLUMNS if heads.count(head) > 1]:
        raise Refused(f"The column “{doubled[0]}” is there twice.")


def instead(head: str) -> str:
    meant = fields.nearest(head, COLUMNS)
    return f" (is “{meant}” meant?)" if meant else ""


def rows(reader: Iterator[list[str]], heads: list[str]) -> Iterator[Line]:
    """Numbered by the line of the file on which each begins."""
    begins = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Line(begins, partial(wished, heads, cells))
        begins = reader.line_num + 1  # type: ignore[attr-defined]


def wished(heads: list[str], cells: list[str]) -> Wish:
    if len(cells) > len(heads):
        raise Refused(
            f"There are {len(cells)} cells for {len(heads)} columns. Is a text with a separator not in quotes?"
        )
    wish: Wish = {head: cell for head, cell in zip(heads, cells, strict=False) if cell.strip()}
    if "" in wish:
        raise Refused(f"“{wish[''][:40]}” is in a column without a name. Name the column, or empty the cell.")
    for name in ("images", "alt"):
        if name in wish:
            wish[name] = [part.strip() for part in wish[name].split(BETWEEN)]
    if "account" in wish:
        wish["account"] = wish["account"].strip()
    return checked(wish)


def because(wrong: csv.Error) -> str:
    said = str(wrong)
    if "unexpected end" in said or "field larger" in said:
        return "a quotation mark is opened and never closed"
    return "a quotation mark is in the middle of a cell" if "expected after" in said else said
