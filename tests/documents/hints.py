"""Commands that people are shown: in pages, in the sentences of the code, and in the words of the documents."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from tests.documents import parsers
from tests.documents.blocks import DOCUMENTS, blocks, prose

ROOT = Path(settings.BASE_DIR)
CALLED = re.compile(r"manage\.py (?P<name>[a-z_]+)(?P<rest>(?:(?!manage\.py)[^`\n<])*)")
INSIDE = re.compile(r"{{.*?}}")
WORD = re.compile(r'"[^"]*"|[^\s"]+')
FILLED = "1"
"""Stands in the place of whatever is only known when it is shown."""


def hints() -> list[tuple[str, str]]:
    """Where each is shown, and from `manage.py` on."""
    return [(where, match[0]) for where, words in shown() for match in CALLED.finditer(words)]


def shown() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        words = re.sub(r"{%.*?%}", "", INSIDE.sub(FILLED, path.read_text()))
        yield str(path.relative_to(ROOT)), html.unescape(words)
    for app in parsers.OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield from ((str(path.relative_to(ROOT)), sentence) for sentence in sentences(path))
    for document in DOCUMENTS:
        yield document, " ".join(prose(document).split())
        for block in blocks(document, "sh"):
            yield block.where, re.sub(r"\\\n *", "", block.text)


def sentences(path: Path) -> Iterator[str]:
    """Each string that is more than a name, without docstrings. One that is put together of several is one."""
    tree = ast.parse(path.read_text())
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in inside | docs:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else FILLED for part in node.values)


def arguments(hint: str) -> list[str] | None:
    """Its own words, before the sentence goes on. None where it only names the command, or is cut short by “…”."""
    match = CALLED.match(hint)
    assert match
    words = [word.strip('"') for word in WORD.findall(match["rest"])]
    if "…" in words:
        return None
    found: list[str] = []
    for word in words:
        if word[0] in "#>|(" or not (is_argument(match["name"], word) or takes_a_value(match["name"], found)):
            break
        found.append(word.rstrip(".,;:)"))
        if word[-1] in ".,;:)":
            break
    return found or None


def is_argument(name: str, word: str) -> bool:
    """An option, a placeholder, or something that only a command line has."""
    plain = word.rstrip(".,;:)")
    choices = {choice for action in parsers.parser(name)._actions for choice in action.choices or ()}
    return plain.startswith("-") or plain in choices or not re.fullmatch(r"[a-z’']+|[A-Z][a-z’']+|", plain)


def takes_a_value(name: str, found: list[str]) -> bool:
    every = (action for _, _, its in parsers.verbs(name) for action in its._actions)
    return bool(found) and any(found[-1] in action.option_strings and action.nargs != 0 for action in every)


def is_ours(name: str) -> bool:
    return name in parsers.names()


def is_known(name: str) -> bool:
    return name in get_commands()
