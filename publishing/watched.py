"""What looking at a published post has found, for its page. Reads only."""

from typing import Any

from django.utils import timezone

from publishing.models import Publication, Sighting


def context(found: Publication) -> dict[str, Any]:
    sightings = list(found.sightings.all())
    there = [sighting for sighting in sightings if not sighting.is_gone]
    last = sightings[-1] if sightings else None
    return {
        "seen_there": there[-1] if there else None,
        "seen_last": last,
        "vanished_at": vanished_at(sightings),
        "reads": {"text": [found.outline().message, last.message]} if last and last.differs else None,
        "looks_again_at": found.watch_at if found.is_live else None,
        "look_is_due": found.watch_at is not None and found.watch_at <= timezone.now(),
    }


def vanished_at(sightings: list[Sighting]) -> Any:
    """When it was first not found, if it has not been found since and was looked for twice."""
    gone = []
    for sighting in reversed(sightings):
        if not sighting.is_gone:
            break
        gone.append(sighting.at)
    return gone[-1] if len(gone) > 1 else None
