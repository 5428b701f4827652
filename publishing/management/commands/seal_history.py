from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from publishing.models import Publication, Witness
from publishing.models.states import State
from sophia.command import DeskCommand
from sophia.refusals import Refused, WrongState

LOOK = "Of what waits, only the content and who approved it are proved. Look whether it is meant to go out:"


class Command(DeskCommand):
    help = (
        "Once, after an upgrade: begins the history of every publication that was approved before there were "
        "histories, and seals it as it is now. Without --yes it only says what it would do, and what it cannot vouch "
        "for. Exit 1 when a seal does not fit, or a worker holds one."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="Do it.")

    def handle(self, *args: Any, **options: Any) -> None:
        document = self.seal_in() if options["yes"] else foreseen()
        self.answer(options, document, list(lines(document, done=options["yes"])))
        if document["refused"]:
            said = f"{len(document['refused'])} have no history. What does not fit is not sent."
            raise CommandError(f"{said} What a worker holds is sealed in when you run this again.")

    def seal_in(self) -> dict[str, Any]:
        document, busy = empty(), False
        for publication in rows():
            try:
                publication.renew_seal()
            except Refused as because:
                document["refused"].append(str(because))
                busy |= isinstance(because, WrongState)
            else:
                note(document, publication)
        if not busy:
            Witness.objects.begin()
        return document


def empty() -> dict[str, Any]:
    return {"sealed": 0, "states": Counter[str](), "waiting": [], "refused": []}


def foreseen() -> dict[str, Any]:
    """Reads only."""
    document = empty()
    for publication in rows():
        if damage := publication.damage(bytes_too=False):
            document["refused"].append(f"{publication} keeps its old seal, which does not fit: {damage}.")
        else:
            note(document, publication)
    return document


def rows() -> Iterator[Publication]:
    found = Publication.objects.without_history().select_related("account__client").order_by("pk")
    return found.iterator(chunk_size=500)


def note(document: dict[str, Any], publication: Publication) -> None:
    document["sealed"] += 1
    document["states"][publication.state] += 1
    if publication.state == State.QUEUED:
        document["waiting"].append(
            {"id": publication.pk, "publish_at": publication.publish_at, "planned": publication.local_time()}
        )


def lines(document: dict[str, Any], *, done: bool) -> Iterator[str]:
    counts = ", ".join(f"{count} {state}" for state, count in sorted(document["states"].items()))
    yield f"{'Began' if done else 'Would begin'} {document['sealed']} histories. {counts}".strip()
    if document["waiting"]:
        yield LOOK
        yield from (f"  publication {row['id']}, {row['planned']}" for row in document["waiting"])
    yield from document["refused"]
    if document["sealed"] and not done:
        yield "Nothing was changed. To do it: manage.py seal_history --yes"
