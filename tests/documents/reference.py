"""Writes docs/commands.md as the parsers say it. `bin/reference`"""

import sys
import textwrap
from argparse import Action
from collections.abc import Iterator
from pathlib import Path

from tests.documents import parsers

DOCUMENT = Path(__file__).parents[2] / "docs" / "commands.md"
WIDTH = 120
HEAD = """# Every command

Written by `bin/reference` from the commands themselves. A test compares the two. Run each in the project's folder, as
`.venv/bin/python manage.py …`; `--help` shows the same.

- `--by` is somebody's user name. Who may not do it on the pages may not do it here.
- An account is named `platform:id`, such as `facebook:1001`.
- A time is `now` or ISO 8601, such as `2026-12-24T09:00`: without an offset it is read on the client's clock.
- A duration is a number and `s`, `m`, `h` or `d`, such as `90s` or `4h`.
- With `--json` a command prints one JSON document and nothing else. Every command takes it but {without}.
- An error is a sentence on stderr, with exit code 1. `recover` and `emergency` leave with 3 where a person must remove
  a post by hand.
"""


def written() -> str:
    names = parsers.names()
    without = " and ".join(f"`{name}`" for name in names if not parsers.takes_json(name))
    head = HEAD.format(without=without)
    return "\n".join([head, *contents(names), *(line for name in names for line in section(name))])


def contents(names: list[str]) -> Iterator[str]:
    yield "| Command | Does |"
    yield "| --- | --- |"
    for name in names:
        said = (parsers.parser(name).description or "").split(". ")[0].rstrip(".")
        yield f"| [`{name}`](#{name}) | {escaped(said)} |"
    yield ""


def section(name: str) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield from textwrap.wrap(parsers.parser(name).description or "", WIDTH)
    yield ""
    for spelled, does, its in parsers.verbs(name):
        own = parsers.actions(its)
        if spelled != name:
            yield f"`{spelled}`: {does}"
            yield ""
        yield "```text"
        yield from usage(spelled, own)
        yield "```"
        yield ""
        if own:
            yield "| Argument | |"
            yield "| --- | --- |"
            yield from map(row, own)
            yield ""


def usage(spelled: str, own: list[Action]) -> list[str]:
    """What is needed first."""
    ordered = [
        *(each for each in own if parsers.is_needed(each)),
        *(each for each in own if not parsers.is_needed(each)),
    ]
    words = [parsers.spelled(each) if parsers.is_needed(each) else f"[{parsers.spelled(each)}]" for each in ordered]
    whole = [word.replace(" ", "\0") for word in words]  # An option and its value stay on one line.
    lines = textwrap.wrap(f"manage.py {spelled} {' '.join(whole)}", WIDTH, subsequent_indent="    ")
    return [line.replace("\0", " ") for line in lines]


def row(action: Action) -> str:
    return f"| `{escaped(parsers.spelled(action))}` | {escaped(action.help or '')} |"


def escaped(text: str) -> str:
    """Inside a table."""
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    DOCUMENT.write_text(written().rstrip("\n") + "\n")
    sys.stdout.write(f"{DOCUMENT.name} is written.\n")


if __name__ == "__main__":
    import django

    django.setup()
    main()
