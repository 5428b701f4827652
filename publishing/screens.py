"""What the publishing pages show. Reads only."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from publishing import gates, handing_over, lifting, lookalikes, payload, preflight, prepared, pulse, watched
from publishing.forms import row_number
from publishing.models import Client, Pause, Publication, Recovery
from sophia import people

UPCOMING = 50
NEEDY = 30
RECENT = 20
SHOWN = ("pictures__image", "recoveries", "lookalikes__recovery", "preflights")
"""What a list shows of each of its rows."""
NEEDED = {
    "cancel": people.OPERATE,
    "retry": people.OPERATE,
    "reschedule": people.OPERATE,
    "confirm_by_hand": people.OPERATE,
    "deny_by_hand": people.OPERATE,
}


def for_lists(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return rows.select_related("account__client", "approved_by").prefetch_related(*SHOWN)


def of_client(rows: QuerySet[Publication], client: str) -> QuerySet[Publication]:
    number = row_number(client)
    return rows if number is None else rows.filter(account__client=number)


def filtered(
    rows: QuerySet[Publication], person: User, asked: Mapping[str, str]
) -> tuple[QuerySet[Publication], str] | None:
    """The rows that ?state= or ?needs=, or a number of the strip, names, with a title; None for the overview."""
    for name, word in (("today", "1"), ("held", "1"), ("lately", "1"), ("needs", "any")):
        if asked.get(name) == word:
            found, title = pulse.LISTS[name]
            return narrowed(rows, found(pulse.Pulse(person))), title
    if asked.get("needs") == "recovery":
        return rows.filter(recoveries__in=Recovery.objects.needing_a_person()), "Take-downs that need you"
    if asked.get("needs") == "lookalike":
        return rows.filter(pk__in=Publication.objects.lookalikes()), "Held: they look like what was taken down"
    needs, state = asked.get("needs"), asked.get("state")
    if needs in Publication.State.values:
        needy = Publication.objects.needing_a_person().filter(state=needs)
        return rows.filter(pk__in=needy), f"{Publication.State(needs).label.capitalize()}: these need you"
    if state in Publication.State.values:
        newest = rows.filter(state=state).order_by("-publish_at", "-pk")
        return newest, f"Publications: {Publication.State(state).label.lower()}"
    return None


def narrowed(rows: QuerySet[Publication], found: QuerySet[Publication]) -> QuerySet[Publication]:
    """In the order of what was found."""
    return rows.filter(pk__in=found.order_by().values("pk")).order_by(*found.query.order_by or ("publish_at", "pk"))


def overview(rows: QuerySet[Publication], person: User) -> dict[str, Any]:
    """The beginnings of three lists. What they show of their rows is read once for all."""
    # Ids, read first: PostgreSQL, asked for one thing or what a subquery finds, would read the whole table.
    needing = [pk for (pk,) in pulse.needy(person)]
    bare, rest = rows.prefetch_related(None), rows.exclude(pk__in=needing).prefetch_related(None)
    needy = bare.filter(pk__in=needing)
    upcoming = rest & (Publication.objects.waiting() | Publication.objects.on_its_way())
    out = rest.filter(published_at__isnull=False).order_by("-published_at")
    lists = list(needy[:NEEDY]), list(upcoming[:UPCOMING]), list(out[:RECENT])
    prefetch_related_objects([row for listed in lists for row in listed], *SHOWN)
    return {
        "held": gates.holding(lists[1], timezone.now()),
        "needy": lists[0],
        "needing": needy.count(),
        "most_needy": NEEDY,
        "days": by_day(lists[1]),
        "upcoming": upcoming.count(),
        "shown": UPCOMING,
        "out": lists[2],
        "clients": Client.objects.visible_to(person),
        "states": Publication.State,
    }


def by_day(rows: Iterable[Publication]) -> list[tuple[date, list[Publication]]]:
    """Grouped by the day it is where the client is."""
    dated = sorted(((row.account.local(row.publish_at).date(), row) for row in rows), key=itemgetter(0))
    return [(day, [row for _, row in group]) for day, group in groupby(dated, key=itemgetter(0))]


def publication(found: Publication, user: User) -> dict[str, Any]:
    pictures = list(found.pictures.select_related("image"))
    now = timezone.now()
    answers = gates.verdicts(found, now) if Publication.objects.waiting().contains(found) else []
    recoveries = list(found.recoveries.select_related("requested_by", "executed_by"))
    return (
        {
            "publication": found,
            "content": found.outline(),
            "pictures": pictures,
            "damage": (damage := found.damage()),
            "payload": () if damage else payload.of(found),
            "gates": [(gate.name, type(verdict).__name__.lower(), verdict) for gate, verdict in answers],
            "held": any(not isinstance(verdict, gates.Go) for _, verdict in answers),
            "earliest": gates.earliest(found, answers, now),
            "verbs": possible(found, user),
            "timeline": timeline(found, recoveries),
            "recovery": next((recovery for recovery in recoveries if recovery.is_open), None),
            "stages": Recovery.State,
            "offered": found.offered() if found.asks_which else [],
            "unidentified": found.is_unidentified,
            "unnamed": found.is_live and not found.post_id,
            "notes": handing_over.NOTES[found.account.platform],
        }
        | watched.context(found, recoveries)
        | lookalikes.around(found)
        | prepared.context(found)
        | preflight.shown(found, user)
    )


def possible(found: Publication, user: User) -> set[str]:
    """The verbs that the state allows now and that this person may do. The verbs check both again."""
    steps = {step.name for step in found.get_available_state_transitions()}  # type: ignore[attr-defined]
    verbs = {verb for verb in steps & NEEDED.keys() if user.has_perm(NEEDED[verb])}
    if Publication.objects.to_take_down().contains(found) and user.has_perm(people.RECOVER):
        verbs.add("recover")
    if user.has_perm(people.RECOVER) and found.recoveries.open().exists():
        verbs.add("dismiss")
    operates = user.has_perm(people.OPERATE)
    if found.asks_which and (operates or (found.is_live and user.has_perm(people.RECOVER))):
        verbs.add("identify")
    if found.is_unidentified and operates:
        verbs.add("leave_unidentified")
    return verbs


def timeline(found: Publication, recoveries: Iterable[Recovery]) -> list[tuple[datetime, str, Any]]:
    """Everything that happened to it, in order: (when, kind, row)."""
    approval = found.decisions.select_related("draft").first()
    decisions = approval.draft.decisions.select_related("by", "client_link") if approval else []
    rows: list[tuple[datetime, str, Any]] = [(decision.at, "decision", decision) for decision in decisions]
    rows += [(attempt.started_at, "attempt", attempt) for attempt in found.attempts.all()]
    rows += [(sighting.at, "sighting", sighting) for sighting in found.sightings.all()]
    rows += [(recovery.requested_at, "recovery", recovery) for recovery in recoveries]
    return sorted(rows, key=itemgetter(0))


def plan(pause: Pause) -> dict[str, Any]:
    """What lifting would do to each publication that it holds."""
    steps = lifting.plan([pause], timezone.now())
    seen = lifting.digest(steps)
    return {"pause": pause, "plan": steps[:UPCOMING], "held": len(steps), "shown": UPCOMING, "digest": seen}
