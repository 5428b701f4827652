"""The programs that `manage.py serve` runs, and how it sees that each does its work."""

import os
import socket
import sys
from contextlib import suppress
from secrets import token_hex

from django.conf import settings

from sophia.heartbeat import Watch
from sophia.supervisor import STOP_WITHIN, Child

WHITENOISE_WARNING = "ignore:StreamingHttpResponse must consume synchronous iterators:Warning"
RELOADED = ("sophia", "publishing", "approval", "templates")


class Door:
    """The web is ready when it takes connections. Whether it is frozen, only a proxy in front of it could tell."""

    frozen_after = float("inf")

    def __init__(self, host: str, port: int):
        self.address = (host, port)

    def reset(self) -> None:
        """Nothing is remembered."""

    def is_ready(self) -> bool:
        with suppress(OSError), socket.create_connection(self.address, timeout=1):
            return True
        return False

    def sees_frozen(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is left."""


def web(host: str, port: int, reload: bool, environment: dict[str, str]) -> Child:
    """Open streams never end by themselves: without a graceful timeout uvicorn would wait for them for ever."""
    command = [sys.executable, "-W", WHITENOISE_WARNING, "-m", "uvicorn", "sophia.asgi:application"]
    command += ["--app-dir", str(settings.BASE_DIR)]
    command += ["--host", host, "--port", str(port)]
    command += ["--lifespan", "off", "--log-level", "warning", "--no-access-log"]
    command += ["--timeout-graceful-shutdown", "1" if reload else "2"]
    if reload:
        command += ["--reload", *(f"--reload-dir={settings.BASE_DIR / folder}" for folder in RELOADED)]
    environment = environment | {"CONN_MAX_AGE": "0"}
    return Child("the web", command, environment, settings.BASE_DIR, stop_within=5, eye=Door(host, port))


def cluster(queue: str, environment: dict[str, str]) -> Child:
    """The workers of one queue. `qcluster -n` has no effect; the variable has (stack.md, section 2)."""
    name = f"{socket.gethostname()[:100]}-{os.getpid()}-{token_hex(4)} {queue}"
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
    environment = environment | {"CONN_MAX_AGE": "60", "Q_CLUSTER_NAME": queue, "SOPHIA_CLUSTER": name}
    watch = Watch(name, queue, settings.SOPHIA_FROZEN_AFTER)
    return Child(f"the cluster “{queue}”", command, environment, settings.BASE_DIR, stop_within=STOP_WITHIN, eye=watch)
