"""The stand-in from outside: starting it, asking what it saw, and calling it as a bare loop would."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import Pool
from typing import Any

import requests

from tests.bench.figures import ROOT
from tests.bench.processes import die_with_parent


@contextmanager
def platform(milliseconds: float) -> Iterator[str]:
    """Its address."""
    command = [sys.executable, "-m", "tests.bench.standin", str(milliseconds)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
    try:
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.communicate()


def seen(address: str) -> dict[str, Any]:
    """`calls`, and `public`: for each post its text and every time somebody made it public."""
    found: dict[str, Any] = requests.get(f"{address}/seen", timeout=30).json()
    return found


def bare_loop(address: str, posts: int, processes: int) -> None:
    """The calls of `posts` publications, one after the other in each process, and nothing else. The pool ends its
    processes by SIGTERM, while they may hold its locks: they must not take that as the bench does."""
    with Pool(processes, signal.signal, (signal.SIGTERM, signal.SIG_DFL)) as pool:
        pool.starmap(publish_barely, [(address, number) for number in range(posts)], chunksize=1)


def publish_barely(address: str, number: int) -> None:
    root, token = f"{address}/v26.0", {"Authorization": "Bearer bench"}
    fields = {"message": f"Post {number}", "published": "false"}
    post = requests.post(f"{root}/1/feed", fields, headers=token, timeout=30).json()["id"]
    look = partial(requests.get, f"{root}/{post}", {"fields": "id,is_published,permalink_url"}, timeout=30)
    look(headers=token).json()
    requests.post(f"{root}/{post}", {"is_published": "true"}, headers=token, timeout=30).json()
    look(headers=token).json()


def until_public(address: str, posts: int, patience: float) -> list[float]:
    """When each post first became public, sorted; all of them, or what there is when patience ends."""
    end = time.monotonic() + patience
    while len(found := seen(address)["public"]) < posts and time.monotonic() < end:
        time.sleep(0.5)
    return sorted(times[0] for _, *times in found)
