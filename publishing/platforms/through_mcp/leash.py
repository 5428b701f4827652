"""Runs one MCP server and leaves nothing of it behind. A program of its own, of Python alone, started by `running`.

What is named in the settings is often no server but a program that starts one (`sh -c`, `uv run`), and the kernel tells
only a child of the death of its parent, not a grandchild. So this one stands between: it hears when the worker goes,
every orphan below it becomes its child, and it kills whatever is below it before it goes itself.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
NOT_FOUND = 127


def main(worker: int, command: list[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)
    kernel = ctypes.CDLL(None)
    kernel.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    kernel.prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() != worker:  # It went before the kernel was asked.
        return 1
    try:
        server = os.posix_spawnp(command[0], command, os.environ)
    except OSError as problem:
        print(f"{command[0]}: {problem.strerror}", file=sys.stderr)
        return NOT_FOUND
    code = ended(server)
    end_all()
    return code


def ended(server: int) -> int:
    while True:
        pid, status = os.wait()
        if pid == server:
            return os.waitstatus_to_exitcode(status) & 0xFF


def leave(*_: object) -> NoReturn:
    end_all()
    os._exit(1)


def end_all() -> None:
    """Each that is killed leaves its children to us, until there are none."""
    while below := list(descendants(os.getpid())):
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.wait()


def descendants(pid: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
            children.setdefault(int(parent), []).append(int(folder.name))
    found = list(children.get(pid, ()))
    for one in found:
        found += children.get(one, ())
    yield from found


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
