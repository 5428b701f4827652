"""What must always be true of publications, attempts and recoveries. Each yields a finding where it is not.

Reads only. What a worker is busy with, or what the next sweep mends, is no finding: each has a grace.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from publishing import gates
from publishing.models import Attempt, Emergency, Preparation, Publication, Recovery, Relook, SocialAccount
from publishing.models.states import Mode, State
from sophia import people
from sophia.alarms import PUBLISH
from sophia.broker import waiting_jobs
from sophia.findings import Finding
from sophia.moments import on_their_clock

GRACE = timedelta(minutes=2)
"""Longer than the sweep takes to come by."""
CATCHING_UP = timedelta(hours=1)
READ_WITHIN = timedelta(minutes=10)
LOOKED_AT = 200
"""Rows that one look reads, the oldest first: findings beyond them come after these are mended."""
SEALED = [State.QUEUED, State.PUBLISHING, State.UNCONFIRMED, State.MISSED, State.HANDOFF]
SWEEP = "The sweep corrects it within a minute or two. If it stays: are the workers running? Start manage.py serve."


def overdue(now: datetime) -> Iterator[Finding]:
    """Due, not sent, and no gate holds it."""
    for publication in idle_since(now - GRACE, now):
        yield Finding(
            f"overdue:{publication.pk}",
            f"{publication} was due at {publication.local_time()} and has not been sent.",
            SWEEP,
            publication.get_absolute_url(),
            publication.client_id,
        )


def idle_since(moment: datetime, now: datetime) -> list[Publication]:
    rows = Publication.objects.waiting().filter(publish_at__lt=moment).not_held(now)
    rows = rows.select_related("account__client").order_by("publish_at")[:LOOKED_AT]
    free = gates.holding(rows, now)
    return [row for row in rows if row.pk not in free]


def stuck(now: datetime) -> Iterator[Finding]:
    """Still “publishing” though its worker's lease ran out."""
    for publication in Publication.objects.abandoned(now - GRACE).select_related("account")[:LOOKED_AT]:
        yield Finding(
            f"stuck:{publication.pk}",
            f"{publication} has been “publishing” since before its worker stopped.",
            SWEEP,
            publication.get_absolute_url(),
            publication.client_id,
        )


def endless_attempts(now: datetime) -> Iterator[Finding]:
    """Of no worker that is still at it. One that is “publishing” is found as stuck."""
    late = now - settings.SOPHIA_LEASE - GRACE
    rows = Attempt.objects.filter(ended_at=None, started_at__lt=late).exclude(publication__state=State.PUBLISHING)
    rows = rows.exclude(publication__claimed_until__gt=now).select_related("publication__account__client")
    for attempt in rows[:LOOKED_AT]:
        began = attempt.publication.account.clock(attempt.started_at)
        yield Finding(
            f"endless:{attempt.pk}",
            f"{attempt.publication}: the attempt of {began} has no end.",
            "Look at the publication and its account, and say what came of it. Then tell whoever keeps Sophia.",
            attempt.publication.get_absolute_url(),
            attempt.publication.client_id,
        )


def broken_seals(now: datetime, *, deep: bool = False) -> Iterator[Finding]:
    """Of everything that may still go out. `deep` reads the images as well."""
    # Accounts and images are few and shared: a join would build them anew for each row.
    rows = Publication.objects.filter(state__in=SEALED).order_by("pk")
    for publication in rows.prefetch_related("account__client", "pictures__image").iterator(chunk_size=500):
        if damage := publication.damage(bytes_too=deep):
            yield Finding(
                f"seal:{publication.pk}",
                f"The seal of {publication} does not fit: {damage}.",
                "It will not be sent. Find out who changed it, then reopen its draft and approve it again.",
                publication.get_absolute_url(),
                publication.client_id,
            )


def missing_alarms(now: datetime) -> Iterator[Finding]:
    """Due in a moment, free to go, and nobody will be woken for it. Sweeps set alarms three minutes ahead."""
    soon = Publication.objects.waiting().filter(publish_at__range=(now, now + timedelta(seconds=60)), mode=Mode.AUTO)
    free = soon.not_held(now).exclude(pk__in=Publication.objects.lookalikes())
    rows = list(free.filter(scheduled_at__lt=now - GRACE)[:LOOKED_AT])
    if not rows:
        return
    woken = {
        task["args"][0] for _, task in waiting_jobs(PUBLISH, upto=5000) if task["func"] == "publishing.tasks.publish"
    }
    for publication in rows:
        if publication.pk not in woken:
            yield Finding(
                f"alarm:{publication.pk}",
                f"No alarm is set for {publication}, which is due at {publication.local_time()}.",
                SWEEP,
                publication.get_absolute_url(),
                publication.client_id,
            )


def forgotten_looks(now: datetime) -> Iterator[Finding]:
    rows = Publication.objects.to_reconcile_before(now - settings.SOPHIA_LEASE - GRACE).select_related("account")
    for publication in rows.exclude(account__in=SocialAccount.objects.calls_held(now))[:LOOKED_AT]:
        yield Finding(
            f"look:{publication.pk}",
            f"Nobody knows whether {publication} is live, and Sophia has not asked when it was time to.",
            SWEEP,
            publication.get_absolute_url(),
            publication.client_id,
        )


def unidentified(now: datetime) -> Iterator[Finding]:
    """Public, and nobody knows which post it is: it can be neither watched nor taken down."""
    for publication in Publication.objects.unidentified().select_related("account__client")[:LOOKED_AT]:
        yield Finding(
            f"unidentified:{publication.pk}",
            f"{publication} is public, and nobody knows which post on {publication.account} it is.",
            "Open its page: choose the post there, or paste its link.",
            publication.get_absolute_url(),
            publication.client_id,
            ill=False,
        )


def left_over(now: datetime) -> Iterator[Finding]:
    """Prepared, not published, and Sophia may not remove it."""
    for row in Preparation.objects.needing_a_person().select_related("publication__account__client")[:LOOKED_AT]:
        yield Finding(
            f"leftover:{row.pk}",
            f"Something prepared for {row.publication} may be left on {row.publication.account}.",
            "Its page says where to look. Say there when it is done.",
            row.publication.get_absolute_url(),
            row.publication.client_id,
            ill=False,
        )


def unwatched(now: datetime) -> Iterator[Finding]:
    """One finding for all. What only waited for its account, or for a take-down, has an hour to be caught up."""
    since = now - CATCHING_UP
    due = Publication.objects.to_watch(now).filter(watch_at__lt=since)
    due = due.exclude(account__in=SocialAccount.objects.calls_held(since).order_by())
    due = due.exclude(account__checked_at__gt=since).exclude(recoveries__finished_at__gt=since)
    if oldest := due.first():
        yield Finding(
            "unwatched",
            f"{due.count()} published posts have not been looked at for more than an hour after it was time to.",
            f"The chores are behind, or a look fails each time: see the log. {SWEEP}",
            oldest.get_absolute_url(),
        )


def stuck_recoveries(now: datetime) -> Iterator[Finding]:
    """Their next step was due, and nobody has taken it."""
    rows = Recovery.objects.to_execute_before(now - GRACE)
    for recovery in rows.select_related("publication__account")[:LOOKED_AT]:
        yield Finding(
            f"recovery:{recovery.pk}",
            f"{recovery} is not finished, its next step was due, and nobody has gone on.",
            SWEEP,
            recovery.page(),
            recovery.publication.client_id,
        )


def against_will(now: datetime) -> Iterator[Finding]:
    """One finding for all: posts that people wanted down and that are not proved gone."""
    rows = Recovery.objects.against_will(now - GRACE)
    named = rows.values_list("wanted_since", "publication__account__client__timezone")  # type: ignore[misc]
    if longest := named.first():
        since = on_their_clock(longest[0], ZoneInfo(longest[1]))
        yield Finding(
            "against-will",
            f"Live against a person's will: {rows.count()}, the longest since {since}.",
            "Sophia goes on until they are gone. Their pages say why they are not, and how to remove them by hand.",
            "/queue/?needs=recovery",
            ill=False,
        )


def orphaned_emergencies(now: datetime) -> Iterator[Finding]:
    """Begun by somebody who may not take posts down any more, with posts that nobody has asked for."""
    for emergency in Emergency.objects.to_follow(now).select_related("by", "client")[:LOOKED_AT]:
        if not people.may(emergency.by, people.RECOVER, of=emergency.client_id) and emergency.unasked.exists():
            yield Finding(
                f"emergency:{emergency.pk}",
                f"{emergency}: {emergency.by} may not take posts down any more, and some of its posts are still up.",
                "Somebody who may starts it again: the new one takes over what is left.",
                emergency.get_absolute_url(),
                emergency.client_id,
            )


def unread_accounts(now: datetime) -> Iterator[Finding]:
    """Nothing of theirs goes out before Sophia, or a person, has looked at what they posted since a backup."""
    late = now - READ_WITHIN
    for relook in (
        Relook.objects.waiting().filter(point__restored_at__lt=late).select_related("point", "account__client")
    ):
        yield Finding(
            f"unread:{relook.pk}",
            f"{relook.account} has not been read since a backup was restored: nothing of it goes out. {relook.problem}",
            f"Connect it again, or look yourself and say so: manage.py looked {relook.account.label} --by YOU",
            client=relook.account.client_id,
        )


def unreadable_tokens(now: datetime) -> Iterator[Finding]:
    """A field that today's keys do not open holds the ciphertext (stack.md, section 4)."""
    for account in SocialAccount.objects.select_related("client"):
        if account.token.startswith("gAAAA"):
            yield Finding(
                f"token:{account.pk}",
                f"The token of {account} cannot be decrypted with FIELD_ENCRYPTION_KEY.",
                f"Put the old key back behind the new one, or connect {account.label} again.",
                client=account.client_id,
            )


INVARIANTS = (
    overdue,
    stuck,
    endless_attempts,
    broken_seals,
    missing_alarms,
    forgotten_looks,
    unidentified,
    left_over,
    unwatched,
    stuck_recoveries,
    against_will,
    orphaned_emergencies,
    unread_accounts,
    unreadable_tokens,
)
