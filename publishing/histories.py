"""Reading histories through: what doctor and its rhythm find when somebody changed rows that no claim asks about.

Each round of the rhythm reads what may still go out, what was found before, and a part of all others. Which part
follows from the time alone, so that it goes on where the last round stopped, whoever asks. `deep` reads them all.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db.models import Max, Q

from publishing.models import Client, Entry, Publication, Witness, heads
from publishing.models.states import AFLOAT, NEEDING_A_PERSON
from publishing.models.witness import fault_in_row
from sophia.findings import Finding
from sophia.models import Symptom

ROUND = timedelta(minutes=5)
AT_ONCE = 2000
"""Publications, and lines of a client's history, that one round reads."""
WAITING = {*AFLOAT, *NEEDING_A_PERSON}
TO_DO = "Somebody changed the database past Sophia. Find out who. What waits is approved again before it goes out."


def broken_histories(now: datetime, *, deep: bool = False) -> Iterator[Finding]:
    """Of what may still go out each is found; of what has ended the first of this part, and what was found before."""
    found, ended = {*known("history:"), *known("ended-history:")}, 0
    rows = Publication.objects.all() if deep else Publication.objects.filter(to_read(now, found))
    rows = rows.order_by("pk").prefetch_related("account__client", "history")
    for publication in rows.iterator(chunk_size=500):
        fault = publication.torn_history() and fault_again(publication)
        if not fault:
            continue
        waits = publication.state in WAITING
        ended += not waits
        if waits or ended == 1 or str(publication.pk) in found:
            yield torn(publication, fault, ill=waits)


def fault_again(publication: Publication) -> str:
    """A worker may have been at it between its row and its history."""
    return Publication.objects.get(pk=publication.pk).torn_history()


def torn(publication: Publication, fault: str, *, ill: bool) -> Finding:
    return Finding(
        f"{'history' if ill else 'ended-history'}:{publication.pk}",
        f"The history of {publication} does not fit: {fault}.",
        TO_DO,
        publication.get_absolute_url(),
        publication.client_id,
        ill=ill,
    )


def to_read(now: datetime, found: Collection[str]) -> Q:
    last = Publication.objects.aggregate(last=Max("pk"))["last"] or 0
    start = turn(now, last)
    return Q(state__in=WAITING) | Q(pk__range=(start + 1, start + AT_ONCE)) | Q(pk__in=found)


def turn(now: datetime, total: int) -> int:
    """How many come before the part that is read now."""
    parts = -(-total // AT_ONCE) or 1
    return int(now.timestamp() // ROUND.total_seconds()) % parts * AT_ONCE


def known(beginning: str) -> list[str]:
    keys = Symptom.objects.filter(key__startswith=beginning).values_list("key", flat=True)
    return [key.removeprefix(beginning) for key in keys]


def broken_client_histories(now: datetime, *, deep: bool = False) -> Iterator[Finding]:
    found = set(known("client-history:"))
    for client in Client.objects.all():
        total = Witness.objects.of(client.pk).aggregate(last=Max("number"))["last"] or 0
        whole = deep or str(client.pk) in found
        parts = range(0, total, AT_ONCE) if whole else [turn(now, total)]
        fault = next((fault for start in parts if (fault := fault_from(client, start))), "")
        if fault:
            said = f"The history of {client} does not fit: {fault}."
            yield Finding(f"client-history:{client.pk}", said, TO_DO, client=client.pk, ill=False)


def fault_from(client: Client, start: int) -> str:
    """In one part, with the line before it."""
    rows = list(Witness.objects.of(client.pk).filter(number__range=(start or 1, start + AT_ONCE)))
    if not rows:
        return f"lines {start + 1} to {start + AT_ONCE} are gone" if start else ""
    return fault_in_row(rows, begins=not start) or untold(rows)


def untold(rows: list[Witness]) -> str:
    """A line that it tells of, and that is not there any more."""
    lines = Entry.objects.filter(publication__in={row.publication_id for row in rows})
    digests = {(line.publication_id, line.number): line.digest() for line in lines.iterator(chunk_size=2000)}
    for row in rows:
        if digests.get((row.publication_id, row.entry)) != row.entry_digest:
            return f"line {row.entry} of the history of publication {row.publication_id} is gone, or is another one"
    return ""


def without_history(now: datetime) -> Iterator[Finding]:
    """One finding for all: the seal of before decides alone whether they go out."""
    if count := Publication.objects.without_history().may_go_out().count():
        yield Finding(
            "without-history",
            f"{count} publications were approved before there were histories, and may still go out.",
            "Run manage.py seal_history, look at what it says, and run it again with --yes.",
            ill=False,
        )


def lost_ends(now: datetime) -> Iterator[Finding]:
    for client, fault in heads.lost().items():
        said = f"The end of a history was cut off: {fault}." if client else f"Histories cannot be trusted: {fault}."
        known = client if Client.objects.filter(pk=client).exists() else None
        yield Finding(f"lost-history:{client}", said, heads.TO_DO, client=known)


INVARIANTS = (broken_histories, broken_client_histories, without_history, lost_ends)
