"""manage.py without its start: a process that has loaded Sophia forks for each command. Starting takes most of a second
of a core, and the tests of whole processes give hundreds of commands."""

import json
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

MANAGE = Path(__file__).parents[2] / "manage.py"


class Warm:
    """For one environment. Each command has a process, arguments, standard streams and an exit code of its own."""

    def __init__(self, environment):
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            env=environment,
            cwd=MANAGE.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, *words, stdin=""):
        line = [str(MANAGE), *map(str, words)]
        with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
            into.write(stdin.encode())
            streams = [into, out, error]
            for stream in streams:
                stream.seek(0)
            paths = [f"/proc/{os.getpid()}/fd/{stream.fileno()}" for stream in streams]
            self.process.stdin.write(json.dumps([line, paths]).encode() + b"\n")
            self.process.stdin.flush()
            code = int(self.process.stdout.readline())
            return subprocess.CompletedProcess(line, code, *(stream.read().decode() for stream in streams[1:]))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)


def carry_out(line, paths):
    """In a process of its own, which ends as manage.py would."""
    for number, path in enumerate(paths):
        os.dup2(os.open(path, os.O_RDWR), number)
    sys.argv = line
    runpy.run_path(line[0], run_name="__main__")


def serve():
    import django

    sys.path.insert(0, str(MANAGE.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sophia.settings")
    django.setup()
    import sophia.urls  # noqa: F401

    for asked in iter(sys.stdin.readline, ""):
        child = os.fork()
        if not child:
            return carry_out(*json.loads(asked))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    return None


if __name__ == "__main__":
    serve()
