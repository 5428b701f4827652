"""Answers to the `manage.py` of tests/documents/desk.py."""

import json
import os
import runpy
import socket
import sys
from pathlib import Path

MANAGE = Path(__file__).parents[2] / "manage.py"


def wait(path: Path) -> None:
    """Loads Sophia once, and forks for each that asks."""
    import django

    sys.path.insert(0, str(MANAGE.parent))
    django.setup()
    import sophia.urls  # noqa: F401

    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()
        print("ready", flush=True)
        while True:
            asked, _ = door.accept()
            with asked:
                answer(asked)


def answer(asked: socket.socket) -> None:
    size, streams, _, _ = socket.recv_fds(asked, 4, 3)
    words, folder, environment = json.loads(asked.makefile("rb").read(int.from_bytes(size, "big")))
    child = os.fork()
    if not child:
        os.chdir(folder)
        os.environ.update(environment)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.argv = [str(MANAGE), *words]
        runpy.run_path(sys.argv[0], run_name="__main__")
        sys.exit()
    for stream in streams:
        os.close(stream)
    asked.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n".encode())


if __name__ == "__main__":
    wait(Path(sys.argv[1]))
