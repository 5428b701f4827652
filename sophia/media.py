"""Is the media folder the one that belongs to this desk?

Images are not in the database. A machine that lacks the shared folder would take every image for changed since it was
approved, and fail its publication. So the folder carries a mark with the name of the desk, and without it nothing
starts. Other desks may have their own mark beside it: images are named by their content.
"""

import shutil
from pathlib import Path
from shlex import quote

from django.conf import settings
from django.utils import timezone

from sophia.models import Desk
from sophia.refusals import NotAcceptable, Refused

MARKS = ".sophia-desks"
PROBE = "writable"
MEGABYTE = 10**6


def mark_of(desk: Desk) -> Path:
    return Path(settings.MEDIA_ROOT) / MARKS / str(desk.name)


def claim() -> None:
    """Leave the mark in the folder of a new desk. Refused for a folder that is not writable, or not the desk's.

    In a transaction with what else a start does."""
    desk = Desk.lock()
    if because := missing(desk):
        raise Refused(because)
    mark = mark_of(desk)
    require_writable(mark.parent)
    if not desk.marked_at:
        mark.touch()
        desk.note_mark(timezone.now())


def require_writable(folder: Path) -> None:
    probe = folder / PROBE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError as wrong:
        said = f"The media folder {settings.MEDIA_ROOT} is not writable ({wrong.strerror})."
        raise Refused(f"{said} Set SOPHIA_MEDIA, or change who owns it.") from None


def is_shared() -> bool:
    """Other desks have their mark here too."""
    folder = Path(settings.MEDIA_ROOT) / MARKS
    return folder.exists() and sum(mark.name != PROBE for mark in folder.iterdir()) > 1


def require_room() -> None:
    """What is published needs the rest of the disk more than one image more."""
    if room(Path(settings.MEDIA_ROOT)) < settings.SOPHIA_DISK_LOW:
        raise NotAcceptable(
            "The disk is almost full: no more images until somebody has made room. Tell whoever runs it."
        )


def room(folder: Path) -> int:
    """Megabytes that are free. A folder that is not there yet will be on the disk of its parent."""
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(nearest).free // MEGABYTE


def problem() -> str:
    """Why the images of this desk cannot be trusted to be here now, or "". The folder may go away at any time."""
    return missing(Desk.here())


def missing(desk: Desk) -> str:
    mark = mark_of(desk)
    if not desk.marked_at or mark.exists():
        return ""
    by_hand = f"mkdir -p {quote(str(mark.parent))} && touch {quote(str(mark))}"
    return (
        f"The media folder {settings.MEDIA_ROOT} is not the one of this desk: mount or restore the right one, or set "
        f"SOPHIA_MEDIA. If all images are there, leave the mark by hand: {by_hand}"
    )
