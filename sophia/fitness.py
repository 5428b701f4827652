"""What must be so on a public address, and only the database can tell. Each sentence says what to do."""

import re
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from publishing.models import SocialAccount
from sophia import canary
from sophia.demo import traces
from sophia.models import Heartbeat
from sophia.refusals import Refused

RECENT = timedelta(minutes=5)
SHARED = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.glusterfs", "ceph", "9p"}
ONE_MACHINE = "SQLite serves one machine. Give DATABASE_URL a PostgreSQL database: docs/operating.md."


def require() -> None:
    """Refused with the first sentence. A database that is not there, or not migrated, is for others to tell."""
    canary.require_known_keys()
    if settings.DEBUG:
        return
    try:
        for sentence in unfit(timezone.now()):
            raise Refused(sentence)
    except DatabaseError:
        return


def unfit(now: datetime) -> Iterator[str]:
    if found := traces.sentence():
        yield f"{found} {traces.TO_DO}"
    if connection.vendor == "sqlite":
        yield from several_machines(now)
    if not is_public(settings.SOPHIA_PUBLIC_URL) and SocialAccount.objects.filter(platform="instagram").exists():
        where = settings.SOPHIA_PUBLIC_URL
        yield (
            f"Instagram fetches images from SOPHIA_PUBLIC_URL, and nobody on the internet reaches {where}. "
            "Set it to the address of this desk, such as https://desk.example.com."
        )


def several_machines(now: datetime) -> Iterator[str]:
    for name in Heartbeat.objects.filter(seen_at__gt=now - RECENT).values_list("name", flat=True):
        host = machine_of(name)
        if host and host != socket.gethostname()[:100]:
            yield f"The machine {host} works on this database too. {ONE_MACHINE}"
    kind = filesystem_of(Path(connection.settings_dict["NAME"]))
    if kind in SHARED:
        yield f"The database file lies on a network drive ({kind}), where SQLite loses writes. {ONE_MACHINE}"


def machine_of(heartbeat: str) -> str:
    """`programs.cluster` names it: machine, process, a random word, and the queue."""
    found = re.fullmatch(r"(.+)-\d+-[0-9a-f]{8} \w+", heartbeat)
    return found[1] if found else ""


def filesystem_of(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The type of the mount that the file lies on, or "" where this machine does not tell."""
    if not mounts.exists():
        return ""
    lines = (line.split() for line in mounts.read_text(errors="replace").splitlines())
    above = {place: kind for _, place, kind, *_ in lines if path.resolve().is_relative_to(place)}
    return above[max(above, key=len)] if above else ""


def is_public(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))
