"""The last line of each client's history, kept in a file beside the images. Who writes the database cannot write it.

The end of a history can be cut off so that what is left fits. Then the line that the file names is not there any more,
and nothing of that client goes out until a person has found out who did it, and accepts what is left. The file bears
the name of the desk, whose row is sealed: another desk on the same folder has its own, and no other name is believed.
"""

import json
import logging
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Q

from publishing import seal
from publishing.models.client import Client
from publishing.models.entry import Entry
from publishing.models.witness import Witness
from sophia import media
from sophia.models import Desk
from sophia.refusals import Refused

log = logging.getLogger(__name__)

FOLDER = ".sophia-heads"
Head = dict[str, Any]
UNNAMED = "the row that names this desk is not what Sophia wrote"
TO_DO = (
    "Whoever runs Sophia finds out who changed the database, cancels what is not to go out, and then runs "
    "manage.py heads --accept."
)
AT_ONCE = 200
"""Clients that one query asks about."""


def statement(desk: Desk) -> str:
    return seal.statement("desk", name=str(desk.name))


def is_named(desk: Desk | None) -> bool:
    return desk is not None and seal.fits(desk.seal, statement(desk))


def begin(publication: int) -> None:
    """Seal the name of a desk with its first publication. A desk that has others had a seal, and gets no new one."""
    desk = Desk.here()
    if not is_named(desk) and not apps.get_model("publishing.Publication").objects.exclude(pk=publication).exists():
        desk.note_seal(seal.make(statement(desk)))


def renew_seal() -> list[str]:
    """With today's first key. Returns a sentence when it keeps its old seal, because that does not fit."""
    desk = Desk.here()
    if not desk.seal:
        return []
    if not is_named(desk):
        return ["The row that names this desk keeps its old seal, which does not fit."]
    desk.note_seal(seal.make(statement(desk)))
    return []


def place(desk: Desk) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{desk.name}.json"


def read(desk: Desk) -> dict[int, Head]:
    """By client. Raises Refused for a file that cannot be read: that is no file without heads."""
    path = place(desk)
    try:
        kept = json.loads(path.read_text())
        return {
            int(client): {"number": int(head["number"]), "digest": str(head["digest"])} for client, head in kept.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise Refused(f"{path} cannot be read: {wrong}") from wrong


def write(desk: Desk, heads: dict[int, Head]) -> None:
    path = place(desk)
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        json.dump(heads, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


def keep() -> None:
    """How far each history has come by now. Where one has lost its end, the line that it lost stays known."""
    desk = Desk.here()
    if not is_named(desk) or media.missing(desk):
        return
    try:
        kept = read(desk)
        heads = latest() | missing(kept)
        if heads != kept and is_on_disk():
            write(desk, heads)
    except (OSError, Refused) as wrong:
        log.error("How far the histories have come is not kept: %s", wrong)


def latest() -> dict[int, Head]:
    return {row.client_id: {"number": row.number, "digest": row.digest()} for row in Witness.objects.heads()}


def missing(kept: dict[int, Head]) -> dict[int, Head]:
    """Those that the database does not have any more."""
    there = set()
    pairs = list(kept.items())
    for start in range(0, len(pairs), AT_ONCE):
        some = pairs[start : start + AT_ONCE]
        named = Q(*(Q(client=client, number=head["number"]) for client, head in some), _connector=Q.OR)
        there |= {
            row.client_id
            for row in Witness.objects.filter(named)
            if row.holds and row.digest() == kept[row.client_id]["digest"]
        }
    return {client: head for client, head in kept.items() if client not in there}


def is_on_disk() -> bool:
    """Whether what was read is committed, and survives a failure of the power. SQLite leaves its log to the system
    (synchronous=NORMAL), and a checkpoint writes nothing of what a reader still holds back."""
    if connection.vendor == "sqlite":
        with suppress(FileNotFoundError), Path(f"{connection.settings_dict['NAME']}-wal").open("rb") as log_of_writes:
            os.fsync(log_of_writes.fileno())
    return not connection.in_atomic_block


def fault(clients: Collection[int]) -> str:
    """What the history of one of these has lost, or nothing."""
    desk = Desk.objects.filter(pk=Desk.ONLY).first()
    if desk is None or not is_named(desk):
        return UNNAMED
    try:
        kept = read(desk)
    except Refused as unreadable:
        return str(unreadable)
    lost = missing({client: kept[client] for client in clients if client in kept})
    return "; ".join(said(client, head) for client, head in lost.items())


def said(client: int, head: Head) -> str:
    name = Client.objects.filter(pk=client).first() or f"client {client}"
    return f"line {head['number']} of the history of {name} was there, and is not any more"


def lost() -> dict[int, str]:
    """What each client's history has lost. Of client 0: what concerns them all."""
    desk = Desk.here()
    if not is_named(desk):
        return {0: UNNAMED} if Entry.objects.exists() else {}
    try:
        kept = read(desk)
    except Refused as unreadable:
        return {0: str(unreadable)}
    return {client: said(client, head) for client, head in missing(kept).items()}


def accept() -> None:
    """What is there by now is the history, and this the desk. Whoever says so has looked what was lost."""
    desk = Desk.here()
    desk.note_seal(seal.make(statement(desk)))
    Witness.objects.go_on()
    write(desk, latest())
