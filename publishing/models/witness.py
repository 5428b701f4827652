"""The history of a client: how far the history of each publication had come, line by line, sealed like those.

It is written by the sweep, so no publication waits for it. It shows that lines were taken from the end of a
publication's history, which that alone cannot show.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Max, Min
from django.utils import timezone

from publishing import seal
from publishing.models.client import Client
from publishing.models.entry import Entry
from publishing.models.sealed_line import SealedLine
from sophia.membership import Visible
from sophia.notifications.announce import announce

AT_ONCE = 500
"""Lines that one sweep takes note of."""


class WitnessQuerySet(Visible["Witness"]):
    def gather(self) -> int:
        """Take note of every history that has grown, of clients whose history has begun or may. Returns how many."""
        return self.take_note(besides=self.to_begin())

    def begin(self) -> None:
        """For all clients: from now on no seal of before decides alone. A history that does not fit goes on as well:
        what is approved from then on does not depend on it."""
        while self.take_note(besides=()):
            pass
        self.go_on()

    def go_on(self) -> None:
        """After a last line that does not fit: what comes then follows one that does."""
        for last in self.heads():
            if not last.holds:
                self.follow(last, last.client_id, last.publication_id, last.entry, last.entry_digest)

    def take_note(self, besides: Collection[int]) -> int:
        latest: dict[int, dict[int, Entry]] = {}
        rows = Entry.objects.unwitnessed().exclude(client__in=besides)
        for entry in rows.order_by("pk")[:AT_ONCE]:
            of_client = latest.setdefault(entry.client_id, {})
            known = of_client.setdefault(entry.publication_id, entry)
            of_client[entry.publication_id] = max(known, entry, key=lambda each: each.number)
        return sum(self.note(client, list(entries.values())) for client, entries in latest.items())

    def note(self, client: int, entries: Sequence[Entry]) -> int:
        """One line for each of these. Nobody else who writes a client's history is at it meanwhile."""
        now = timezone.now()
        with transaction.atomic():
            Client.objects.select_for_update(no_key=True).get(pk=client)
            last = self.of(client).last()
            for entry in entries:
                last = self.follow(last, client, entry.publication_id, entry.number, entry.digest())
                done = Entry.objects.unwitnessed().filter(publication=entry.publication_id, number__lte=entry.number)
                done.update(witnessed_at=now)
        return len(entries)

    def follow(self, last: "Witness | None", client: int, publication: int, entry: int, digest: str) -> "Witness":
        now = timezone.now()
        line = Witness(
            client_id=client,
            number=last.number + 1 if last else 1,
            at=max(now, last.at) if last else now,  # The clock may be put back.
            publication_id=publication,
            entry=entry,
            entry_digest=digest,
            before=last.digest() if last else "",
        )
        line.renew_seal()
        line.save(force_insert=True)
        return line

    def fault_of(self, lines: Sequence[Entry]) -> str:
        """Why these lines of one history are not all that there were, as far as its client's history tells."""
        clients = {line.client_id for line in lines}
        return next((fault for client in clients if (fault := self.of(client).fault_since(lines))), "")

    def renew_seals(self) -> list[str]:
        """With today's first key. Returns a sentence for each that keeps its old seal, because that does not fit."""
        refused = []
        for row in self.select_related("client").order_by("client", "number").iterator(chunk_size=500):
            if not row.holds:
                refused.append(f"{row} keeps its old seal, which does not fit.")
                continue
            row.renew_seal()
            row.save(update_fields=["seal"])
        return refused

    def to_begin(self) -> set[int]:
        """The clients whose history has not begun, because an approval of before may still go out by its seal alone."""
        publications = apps.get_model("publishing.Publication").objects
        rows = publications.without_history().may_go_out().values_list("account__client", flat=True)
        earlier = set(rows.distinct().order_by())
        return earlier - set(self.filter(client__in=earlier).values_list("client", flat=True))

    def heads(self) -> "WitnessQuerySet":
        """The last line of each client."""
        last = self.order_by().values("client").annotate(last=Max("pk")).values("last")
        return self.filter(pk__in=last).select_related("client").order_by("client__name")

    def contains_head(self, head: dict[str, Any]) -> bool:
        """Whether the history of today still has the line that was shown then."""
        row = self.filter(client=head["client_id"], number=head["number"]).first()
        return row is not None and row.holds and row.digest() == head["digest"]

    def tell_heads(self) -> None:
        """To whoever subscribes to them: what has left the desk cannot be rewritten there."""
        for row in self.heads():
            said = f"The history of {row.client} has {row.number} lines. The digest of the last is {row.digest()}"
            announce("history.head", said, link="/health/", client=row.client_id)

    def of(self, client: int) -> "WitnessQuerySet":
        return self.filter(client=client).order_by("number")

    def fault_since(self, lines: Sequence[Entry]) -> str:
        """Of one client. What is older than the first line cannot tell of it: only that it is older is looked at."""
        since = lines[0].at
        first = self.filter(at__gte=since).aggregate(number=Min("number"))["number"]
        rows = list(self.filter(number__gte=first)) if first else []
        older = self.filter(number=first - 1).last() if first else self.last()
        if fault := fault_in_row([older, *rows] if older else rows, begins=older is None):
            return fault
        if older and older.at >= since:
            return f"{older} is not in its place"
        for row in rows:
            if row.publication_id == lines[0].publication_id and not row.tells_of(lines):
                return f"line {row.entry} of its history is gone, or is another one"
        return ""


def fault_in_row(rows: Sequence["Witness"], *, begins: bool) -> str:
    """What is wrong with lines that follow each other. `begins`: the first of them is the first of all."""
    before = "" if begins else None
    for number, row in enumerate(rows, 1 if begins else rows[0].number):
        if row.number != number:
            return f"line {number} of its client's history is gone"
        said = row.statement()
        if not seal.fits(row.seal, said) or (before is not None and row.before != before):
            return f"line {number} of its client's history is not what Sophia wrote"
        before = seal.digest(said)
    return ""


class Witness(SealedLine):
    client = models.ForeignKey(Client, models.PROTECT, related_name="history")
    at = models.DateTimeField()
    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="+")
    entry = models.PositiveIntegerField(help_text="The number of the last line of its history then.")
    entry_digest = models.CharField(max_length=64)

    objects = WitnessQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "witnesses"
        constraints = [models.UniqueConstraint(fields=["client", "number"], name="one_witness_of_a_number")]
        indexes = [models.Index(fields=["client", "at"])]

    def __str__(self) -> str:
        return f"line {self.number} of the history of {self.client}"

    def statement(self) -> str:
        facts: dict[str, Any] = {name: getattr(self, name) for name in WITNESSED}
        return seal.statement("client history", **facts)

    def head(self) -> dict[str, Any]:
        """To be kept outside the desk."""
        return {
            "client_id": self.client_id,
            "client": self.client.name,
            "number": self.number,
            "at": seal.instant(self.at),
            "digest": self.digest(),
        }

    def tells_of(self, lines: Sequence[Entry]) -> bool:
        return self.entry <= len(lines) and lines[self.entry - 1].digest() == self.entry_digest


WITNESSED = ("client_id", "number", "at", "publication_id", "entry", "entry_digest", "before")
