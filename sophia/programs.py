"""The programs that `manage.py serve` runs, and how it sees that each does its work."""

import os
import socket
import sys
from secrets import token_hex

from django.conf import settings

from sophia.alive import Door
from sophia.heartbeat import Watch
from sophia.supervisor import STOP_WITHIN, Child

WHITENOISE_WARNING = "ignore:StreamingHttpResponse must consume synchronous iterators:Warning"
RELOADED = ("sophia", "publishing", "approval", "templates")


def web(host: str, port: int, reload: bool, environment: dict[str, str]) -> Child:
    """Open streams never end by themselves: without a graceful timeout uvicorn would wait for them for ever."""
    command = [sys.executable, "-W", WHITENOISE_WARNING, "-m", "uvicorn", "sophia.asgi:application"]
    command += ["--app-dir", str(settings.BASE_DIR)]
    command += ["--host", host, "--port", str(port)]
    # Whom a proxy saw is for sophia/signin/whereabouts.py alone: uvicorn would believe anybody on this machine.
    command += ["--lifespan", "off", "--log-level", "warning", "--no-access-log", "--no-proxy-headers"]
    command += ["--timeout-graceful-shutdown", "1" if reload else "2"]
    if reload:
        command += ["--reload", *(f"--reload-dir={settings.BASE_DIR / folder}" for folder in RELOADED)]
    environment = environment | {"CONN_MAX_AGE": "0"}
    eye = Door(host, port, patient=reload)
    return Child("the web", command, environment, settings.BASE_DIR, stop_within=5, eye=eye)


def cluster(queue: str, environment: dict[str, str]) -> Child:
    """The workers of one queue. `qcluster -n` has no effect; the variable has (stack.md, section 2)."""
    name = f"{socket.gethostname()[:100]}-{os.getpid()}-{token_hex(4)} {queue}"
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
    environment = environment | {"CONN_MAX_AGE": "60", "Q_CLUSTER_NAME": queue, "SOPHIA_CLUSTER": name}
    watch = Watch(name, queue, settings.SOPHIA_FROZEN_AFTER)
    return Child(f"the cluster “{queue}”", command, environment, settings.BASE_DIR, stop_within=STOP_WITHIN, eye=watch)
