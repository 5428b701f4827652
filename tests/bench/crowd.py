"""A busy desk: many drafts in every state, written in bulk, most of them out already."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from approval.models import Decision, Draft, DraftPicture
from publishing import seal
from publishing.models import Client, Entry, Pause, Publication, PublicationPicture, Recovery, SocialAccount
from publishing.models.entry import following
from sophia.notifications.models import Notice
from tests import make
from tests.bench import history

CLIENTS = 20
ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Tokyo", "UTC")
WORDS = "Fresh bread, number {0}, from seven in the morning until we are sold out. #bread{0} @bakery " * 2
IN_REVIEW = 5
"""Of a hundred; the next three of a hundred each are in another state of drafts, then come those that are ahead."""
TROUBLE = ("failed", "missed", "unconfirmed", "handoff")


def fill(drafts: int, in_review: int, person: User, clients: int = CLIENTS) -> list[SocialAccount]:
    """`in_review`: how many of them wait for a decision, where it is not five in a hundred."""
    owners = accounts(clients)
    waiting, ahead = in_review or drafts * IN_REVIEW // 100, drafts * 5 // 100
    others = min(drafts * 9 // 100, drafts - waiting)
    pending(range(waiting), owners, person, Draft.State.IN_REVIEW)
    for state in (Draft.State.REJECTED, Draft.State.SKIPPED, Draft.State.DRAFT):
        pending(range(others // 3), owners, person, state)
    history.write(max(drafts - waiting - others - ahead, 0), owners, person)
    planned(range(min(ahead, drafts - waiting - others)), owners, person)
    taken_down(person)
    Pause.objects.start(by=person, reason="Press incident", account=owners[0])
    Notice.objects.bulk_create(Notice(kind="draft.submitted", sentence=f"Draft {n} waits.") for n in range(drafts))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return owners


def accounts(clients: int) -> list[SocialAccount]:
    """Two for each client, every second one with a cadence."""
    settings.SOPHIA_PLATFORMS = dict.fromkeys(["facebook", "instagram"], "publishing.platforms.memory.Memory")
    theirs = [Client(name=f"Padaria {n}", timezone=ZONES[n % len(ZONES)]) for n in range(clients)]
    kinds = ("facebook", "instagram")
    made = [
        SocialAccount(client=one, platform=kind, external_id=f"{n}") for n, one in enumerate(theirs) for kind in kinds
    ]
    for account in made:
        account.connect(token="bench")
    SocialAccount.objects.filter(platform="instagram").update(min_gap=timedelta(hours=1), max_per_week=50)
    return list(SocialAccount.objects.order_by("pk"))


def pending(numbers: range, owners: list[SocialAccount], person: User, state: str) -> None:
    now, image = timezone.now(), make.image()
    rows = Draft.objects.bulk_create(
        Draft(
            account=owners[n % len(owners)],
            text=WORDS.format(n),
            title=f"Bread {n}" if n % 2 else "",
            state=state,
            author=person,
            submitted_at=None if state == Draft.State.DRAFT else now - timedelta(minutes=n),
            suggested_at=now + timedelta(hours=n % 600) if n % 3 else None,
        )
        for n in numbers
    )
    DraftPicture.objects.bulk_create(DraftPicture(draft=row, position=0, image=image, alt="Bread") for row in rows)
    about: dict[str, Any] = {"by": person, "via": "web", "digest": "0" * 64}
    Decision.objects.bulk_create(
        Decision(draft=row, verb=verb, **about) for row in rows for verb in ("written", "submitted")
    )


def planned(numbers: range, owners: list[SocialAccount], person: User) -> None:
    """The next weeks, and now and then something that went wrong."""
    now, image = timezone.now(), make.image("gold")
    rows = [ahead(n, owners[n % len(owners)], person, now + timedelta(minutes=40 * n + 5)) for n in numbers]
    Publication.objects.bulk_create(rows)
    PublicationPicture.objects.bulk_create(
        PublicationPicture(publication=row, position=0, image=image, alt="Bread") for row in rows
    )
    for row in rows:
        row.seal = seal.make(row.statement(row.digest()))
    Publication.objects.bulk_update(rows, ["seal"], batch_size=500)
    now = timezone.now()
    Entry.objects.bulk_create((following(None, row, "schedule", {}, person, now) for row in rows), batch_size=500)
    drafts = Draft.objects.bulk_create(history.approved(row) for row in rows)
    pairs = zip(drafts, rows, strict=True)
    Decision.objects.bulk_create(decision for draft, row in pairs for decision in history.decided(draft, row, person))


def ahead(number: int, account: SocialAccount, person: User, at: datetime) -> Publication:
    return Publication(
        account=account,
        text=WORDS.format(number),
        state=Publication.State.QUEUED if number % 20 else TROUBLE[number // 20 % 4],
        slot_at=at,
        publish_at=at,
        scheduled_at=timezone.now(),
        approved_by=person,
        approved_at=timezone.now(),
        seal="of no use",
    )


def taken_down(person: User) -> None:
    rows = Publication.objects.filter(state="published").order_by("-pk")[:40]
    about: dict[str, Any] = {"requested_by": person, "executed_by": person, "reason": "Wrong price", "via": "web"}
    stages = ("completed", "manual_recovery_needed", "dismissed", "failed")
    Recovery.objects.bulk_create(
        Recovery(publication=row, state=stages[n % 4], seen_gone_at=timezone.now(), **about)
        for n, row in enumerate(rows)
    )
