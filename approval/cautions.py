"""What a reviewer should know before approving. Nothing here refuses: the person decides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from approval.models import Draft, DraftPicture, LinkCheck
from approval.surroundings import Around
from publishing.models import Publication
from publishing.slots import PLANNED

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Caution:
    sentence: str
    publication: Publication | None = None
    at: datetime | None = None
    """When that publication went out or will, or when this was found."""


def cautions(found: Draft, pictures: Sequence[DraftPicture], around: Around) -> list[Caution]:
    """Five queries at most, whatever the draft holds."""
    return [*twins(found, pictures), *crowding(around), *undescribed(pictures), *dead_link(found)]


def twins(found: Draft, pictures: Sequence[DraftPicture]) -> Iterator[Caution]:
    rows = out_or_planned(found)
    if found.text and (twin := rows.filter(text=found.text).first()):
        yield about(twin, "The same text")
    places = {picture.image_id: number for number, picture in enumerate(pictures, 1)}
    twin = rows.filter(pictures__image__in=places).prefetch_related("pictures").first() if places else None
    if twin:
        number = min(places[picture.image_id] for picture in twin.pictures.all() if picture.image_id in places)
        yield about(twin, f"Image {number}" if len(places) > 1 else "The same image")


def out_or_planned(found: Draft) -> QuerySet[Publication]:
    """The newest first, of the last year."""
    near = found.account.publications.filter(publish_at__gt=timezone.now() - LOOKED_BACK)
    rows = near.filter(Q(published_at__isnull=False) | Q(state__in=PLANNED))
    return rows.exclude(pk=found.publication_id or 0).order_by("-publish_at", "-pk")


def about(twin: Publication, what: str) -> Caution:
    happens = "went out on this account" if twin.published_at else "is planned for this account"
    return Caution(f"{what} {happens}:", twin, twin.published_at or twin.publish_at)


def crowding(around: Around) -> Iterator[Caution]:
    for near in around.close():
        minutes = round(near.apart.total_seconds() / 60)
        yield Caution(
            f"Another post of the account lies {minutes} minute{'' if minutes == 1 else 's'} away:",
            near.publication,
            near.at,
        )


def undescribed(pictures: Iterable[DraftPicture]) -> Iterator[Caution]:
    bare = [str(number) for number, picture in enumerate(pictures, 1) if not picture.alt.strip()]
    if len(bare) == 1:
        yield Caution(f"Image {bare[0]} has no alt text.")
    elif bare:
        yield Caution(f"Images {', '.join(bare[:-1])} and {bare[-1]} have no alt text.")


def dead_link(found: Draft) -> Iterator[Caution]:
    if broken := LinkCheck.objects.filter(draft=found, link=found.link).exclude(problem="").first():
        yield Caution(f"The link does not work. {broken.problem} Looked at:", None, broken.looked_at)
