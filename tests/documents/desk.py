"""The demo, as `make demo` starts it, in a folder of its own; and a shell beside it in which `manage.py` is a command.

Starting Python takes most of a second of a core: so `manage.py` only asks a process that has loaded Sophia, and that
forks for each command, with the streams, folder and environment of whoever asked.
"""

import os
import subprocess
import sys

from django.conf import settings

from tests.serve.served import Served

FORGOTTEN = ("SOPHIA_GRAPH_URL", "SOPHIA_PUBLIC_URL", "PORT")
"""Set for the tests, and left to their defaults here, as in the .env of a newcomer."""
SECONDS = 300
OUT = "SELECT count(*) FROM publishing_publication WHERE state = 'published'"


class DemoDesk(Served):
    def __init__(self, environment, folder):
        self.folder, self.tools = folder, folder / "tools"
        home = folder / "here"
        unset = dict.fromkeys(FORGOTTEN, "")
        super().__init__(
            environment | unset | {"DJANGO_SETTINGS_MODULE": "sophia.settings"}, folder / "serve.log", home
        )
        self.folder = home
        for made in (home, self.tools):
            made.mkdir()
        (home / ".venv").symlink_to(sys.prefix)
        tool = self.tools / "manage.py"
        tool.write_text(f"#!{sys.executable} -IS\nPATH = {str(self.tools / 'socket')!r}\n{ASK}")
        tool.chmod(0o755)

    def start(self):
        answer = self.run("demo")
        assert answer.returncode == 0, answer.stderr
        super().start()
        self.until(lambda: self.rows(OUT)[0][0] == 3, 120)
        self.waiter = subprocess.Popen(
            [sys.executable, "-m", "tests.documents.waiter", str(self.tools / "socket")],
            env=self.environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.waiter.stdout.readline()
        return self

    def clean_up(self):
        self.waiter.terminate()
        self.waiter.wait(30)
        self.waiter.stdout.close()
        super().clean_up()

    def run_shell(self, text):
        path = f"{self.tools}:{os.environ['PATH']}"
        return subprocess.run(
            ["sh", "-eu", "-c", text], cwd=self.folder, env=self.environment | {"PATH": path},
            capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip


ASK = """
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect(PATH)
    said = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(asked, [len(said).to_bytes(4, "big")], [0, 1, 2])
    asked.sendall(said)
    sys.exit(int(asked.makefile().readline()))
"""
