"""What looking at a published post has found, for its page. Reads only."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from publishing.models import Publication, Recovery, Sighting


def context(found: Publication, recoveries: Iterable[Recovery]) -> dict[str, Any]:
    sightings = list(found.sightings.all())
    last = sightings[-1] if sightings else None
    told = [sighting for sighting in sightings if not sighting.is_unclear]
    return {
        "seen_live_at": last_live_at(told, recoveries),
        "seen_last": last,
        "vanished_at": vanished_at(told),
        "reads": {"text": [found.outline().message, last.message]} if last and last.differs else None,
        "looks_again_at": found.watch_at if found.is_live else None,
        "look_is_due": found.watch_at is not None and found.watch_at <= timezone.now(),
    }


def last_live_at(sightings: Iterable[Sighting], recoveries: Iterable[Recovery]) -> datetime | None:
    """By a look of either kind: at what is out, and at what is taken down."""
    there = [sighting.at for sighting in sightings if not sighting.is_gone]
    return max([*there, *(each.last_live_at for each in recoveries if each.last_live_at)], default=None)


def vanished_at(sightings: Sequence[Sighting]) -> datetime | None:
    """When it was first not found, if it has not been found since and was looked for twice."""
    gone = []
    for sighting in reversed(sightings):
        if not sighting.is_gone:
            break
        gone.append(sighting.at)
    return gone[-1] if len(gone) > 1 else None
