"""`bin/mutants`: takes one guard away at a time and runs the tests that must notice. A survivor fails it."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutations.listed import everything
from tests.mutations.mutation import ROOT, Mutation

PATIENCE = 300
FAILED = 1
"""pytest's exit code when tests ran and some failed. Any other but 0 means that they could not run."""


class Tree:
    """A copy of the project in which files may be changed, with a database of its own."""

    def __init__(self, folder: Path, number: int, postgres: str):
        self.folder, self.number, self.postgres = folder / f"tree-{number}", number, postgres
        self.written_at = time.time()
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).exists():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.folder / name)

    def verdict(self, mutation: Mutation) -> str:
        target = self.folder / mutation.path
        kept = target.read_text()
        try:
            self.write(target, mutation.applied())
            return {0: "survived", FAILED: "killed"}.get(self.test(mutation.tests, mutation.database), "broken")
        finally:
            self.write(target, kept)

    def write(self, target: Path, text: str) -> None:
        """Each time with a second of its own: by that Python knows what it has compiled."""
        target.write_text(text)
        self.written_at += 2
        os.utime(target, (self.written_at, self.written_at))

    def test(self, tests: str, database: str) -> int:
        url = f"{self.postgres}_{self.number}" if database == "postgresql" else ""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            *tests.split(),
        ]
        environment = os.environ | {"DATABASE_URL": url}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            return FAILED  # What never ends has noticed.
        return done.returncode


def run(mutations: list[Mutation], at_once: int, postgres: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="sophia-mutants-") as name:
        trees: SimpleQueue[Tree] = SimpleQueue()
        for number in range(at_once):
            trees.put(Tree(Path(name), number, postgres))

        def judged(mutation: Mutation) -> str:
            tree = trees.get()
            try:
                verdict = tree.verdict(mutation)
            finally:
                trees.put(tree)
            print(f"mutants: {verdict}: {mutation.path}: {mutation.before[:70]!r}", file=sys.stderr, flush=True)
            return verdict

        with ThreadPoolExecutor(at_once) as pool:
            verdicts = list(pool.map(judged, mutations))
    left = [
        {"verdict": verdict, "path": each.path, "before": each.before, "after": each.after, "tests": each.tests}
        for each, verdict in zip(mutations, verdicts, strict=True)
        if verdict != "killed"
    ]
    return {"mutations": len(mutations), "killed": verdicts.count("killed"), "left": left}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/mutants")
    parser.add_argument("only", nargs="*", help="Parts of paths: only guards in these files.")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--postgres", default="", help="An address without a name of a database at its end: postgres://…/x"
    )
    given = parser.parse_args()
    chosen = [each for each in everything() if not given.only or any(part in each.path for part in given.only)]
    if not given.postgres:
        chosen = [each for each in chosen if each.database == "sqlite"]
    found = run(chosen, given.at_once, given.postgres)
    print(json.dumps(found, indent=2))
    sys.exit(1 if found["left"] else 0)


if __name__ == "__main__":
    main()
