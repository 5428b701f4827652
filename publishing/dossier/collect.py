"""Everything that Sophia knows about one publication, as plain values. Reads only."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from publishing import watched
from publishing.dossier import standing
from publishing.models import Attempt, Emergency, Publication, PublicationPicture, Recovery, Sighting

VERSION = 1
INTACT, CHANGED, MISSING = "intact", "changed", "missing"
Values = dict[str, Any]


def document(found: Publication, files: Sequence[bytes | None], *, by: User | None = None) -> Values:
    """`files`: the bytes of each image as they are now, or None. Every time is on the client's clock."""
    sightings, recoveries = (
        list(found.sightings.all()),
        list(found.recoveries.select_related("emergency").order_by("requested_at")),
    )
    facts = {
        "document": "Sophia dossier",
        "version": VERSION,
        "made_at": timezone.now(),
        "made_by": who(by),
        "client": {"name": found.account.client.name, "timezone": found.account.client.timezone},
        "account": account(found),
        "publication": publication(found),
        "manifest": found.manifest(),
        "digest": found.digest(),
        "message": found.outline().message,
        "images": [image(*each) for each in zip(found.framed(), files, strict=True)],
        "approval": approval(found),
        "decisions": [decision(row, found) for row in decisions(found)],
        "attempts": [attempt(row) for row in found.attempts.all()],
        "sightings": [sighting(row) for row in sightings],
        "recoveries": [recovery(row) for row in recoveries],
        "seen": seen(sightings, recoveries),
    }
    facts |= standing.of(facts)
    told: Values = on_the_clock(facts, found.account.client.zone)
    return told


def account(found: Publication) -> Values:
    where = found.account
    return {"label": where.label, "name": where.name, "platform": where.get_platform_display()}


def publication(found: Publication) -> Values:
    return {
        "id": found.pk,
        "state": found.state,
        "mode": found.get_mode_display(),
        "slot_at": found.slot_at,
        "publish_at": found.publish_at,
        "published_at": found.published_at,
        "post_id": found.post_id,
        "permalink": found.permalink,
        "known_how": found.known_how,
        "identity_is_proved": found.identity_is_proved,
        "reason": found.reason,
        "out_of_cadence": found.cadence_override,
    }


def image(picture: PublicationPicture, data: bytes | None) -> Values:
    stored = picture.image
    return {
        "sha256": stored.sha256,
        "alt": picture.alt,
        "mime": stored.mime,
        "width": stored.width,
        "height": stored.height,
        "bytes": stored.size,
        "file": state_of(stored.sha256, data),
    }


def state_of(sha256: str, data: bytes | None) -> str:
    if data is None:
        return MISSING
    return INTACT if hashlib.sha256(data).hexdigest() == sha256 else CHANGED


def approval(found: Publication) -> Values:
    """Who approved it, and whether the seal of that moment fits what is in the database now."""
    judged = found.decisions.filter(verb="approved").first()
    problem = found.damage(bytes_too=False)
    return {
        "by": who(found.approved_by),
        "by_id": found.approved_by_id,
        "at": found.approved_at,
        "agreed": agreement(found),
        "id": str(found.approval_id),
        "via": judged.get_via_display() if judged else "",
        "note": judged.note if judged else "",
        "digest_then": judged.digest if judged else "",
        "seal_fits": not problem,
        "seal_problem": problem,
    }


def agreement(found: Publication) -> Values | None:
    """Who approved it first, where the client wanted two: the seal names both."""
    if found.agreed_by is None:
        return None
    rows = [row for row in decisions(found) if row.verb == "agreed" and row.by_id == found.agreed_by_id]
    first = next((row for row in reversed(rows) if row.at <= found.approved_at), None)
    return {
        "by": who(found.agreed_by),
        "by_id": found.agreed_by_id,
        "at": first.at if first else None,
        "via": first.get_via_display() if first else "",
    }


def decisions(found: Publication) -> Iterable[Any]:
    """All about its draft, also those before and after this approval."""
    judged = found.decisions.select_related("draft").first()
    return judged.draft.decisions.select_related("by") if judged else []


def decision(row: Any, found: Publication) -> Values:
    return {
        "at": row.at,
        "by": who(row.by),
        "verb": row.verb,
        "via": row.get_via_display(),
        "note": row.note,
        "tags": row.tags,
        "diff": row.diff,
        "cuts": row.cuts,
        "digest": row.digest,
        "this_publication": row.publication_id == found.pk,
    }


def attempt(row: Attempt) -> Values:
    return {
        "started_at": row.started_at,
        "public_from": row.committing_at,
        "ended_at": row.ended_at,
        "outcome": row.get_outcome_display().lower() if row.outcome else "under way",
        "sentence": row.sentence,
        "way": row.way,
        "code": row.code,
        "subcode": row.subcode,
        "trace_id": row.trace_id,
        "calls": calls(row.calls),
    }


def sighting(row: Sighting) -> Values:
    return {
        "at": row.at,
        "verdict": row.verdict,
        "said": row.get_verdict_display(),
        "message": row.message,
        "calls": calls(row.calls),
    }


def recovery(row: Recovery) -> Values:
    return {
        "requested_at": row.requested_at,
        "requested_by": who(row.requested_by),
        "via": row.get_via_display(),
        "urgency": row.urgency,
        "reason": row.reason,
        "state": row.state,
        "said": row.get_state_display(),
        "is_open": row.is_open,
        "emergency": emergency(row.emergency),
        "executed_by": who(row.executed_by),
        "last_live_at": row.last_live_at,
        "deleted_at": row.deleted_at,
        "seen_gone_at": row.seen_gone_at if row.is_proved else None,
        "finished_at": row.finished_at,
        "note": row.note,
        "photos_left": row.photos_left,
        "evidence": calls(row.evidence),
    }


def emergency(row: Emergency | None) -> Values | None:
    return {"id": row.pk, "since": row.since, "reason": row.reason} if row else None


def calls(kept: Iterable[Values]) -> list[Values]:
    """As they were written down, with their times as times."""
    return [{**call, "at": parse_datetime(str(call.get("at", ""))) or call.get("at")} for call in kept]


def seen(sightings: Sequence[Sighting], recoveries: Sequence[Recovery]) -> Values:
    """When it was last seen live, and when it was first not found for good. None: that was never seen."""
    last = watched.last_live_at(sightings, recoveries)
    gone = [vanished] if (vanished := watched.vanished_at(sightings)) else []
    gone += [row.seen_gone_at for row in recoveries if row.seen_gone_at and row.is_proved]
    return {"last_live_at": last, "first_gone_at": min((at for at in gone if last is None or at > last), default=None)}


def who(user: User | None) -> Values | None:
    return {"username": user.get_username(), "name": user.get_full_name()} if user else None


def on_the_clock(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, dict):
        return {key: on_the_clock(each, zone) for key, each in value.items()}
    return [on_the_clock(each, zone) for each in value] if isinstance(value, list) else value
