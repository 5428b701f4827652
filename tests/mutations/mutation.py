"""One guard taken away, and the tests that must notice."""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Mutation:
    """`before` stands exactly once in the file at `path`, and is replaced by `after`. `tests`: names for pytest, with
    blanks between them, at least one of which fails then. `database`: where they have something to say."""

    path: str
    before: str
    after: str
    tests: str
    database: str = "sqlite"

    def applied(self) -> str:
        """The text of the mutated file. ValueError where the guard is not found once, or the result is no Python."""
        text = (ROOT / self.path).read_text()
        if text.count(self.before) != 1:
            raise ValueError(f"stands {text.count(self.before)} times in {self.path}: {self.before!r}")
        mutated = text.replace(self.before, self.after)
        ast.parse(mutated)
        return mutated
