"""The blocks of code in the documents, found as a reader finds them: between fences."""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
LANGUAGES = {"sh", "json", "ini", "yaml", "mermaid", "text"}
FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    document: str
    line: int
    language: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.document}:{self.line}"

    @property
    def begins(self) -> str:
        """By which it is known, wherever it moves to."""
        return self.text.splitlines()[0]


def read(document: str) -> str:
    return (ROOT / document).read_text()


def blocks(document: str, language: str = "") -> list[Block]:
    words = read(document)
    found = (
        Block(document, words.count("\n", 0, match.start()) + 2, match[2], textwrap.dedent(match[3]))
        for match in FENCED.finditer(words)
    )
    return [block for block in found if language in ("", block.language)]


def prose(document: str) -> str:
    """Without the blocks."""
    return FENCED.sub("", read(document))
