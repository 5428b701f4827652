"""What a reviewer should know before approving. Nothing here refuses: the person decides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from approval.models import Draft, LinkCheck
from approval.surroundings import Neighbour
from approval.typed import LINK
from publishing.models import Picture, Publication
from publishing.platforms import invisible, likeness
from publishing.platforms.invisible import is_blank
from publishing.slots import PLANNED

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Caution:
    sentence: str
    publication: Publication | None = None
    at: datetime | None = None
    """When that publication went out or will, or when this was found."""


@dataclass(frozen=True)
class Known:
    """What the accounts of some drafts posted before or will, the newest, and which of their links are dead."""

    texts: dict[tuple[int, str], Publication]
    images: dict[tuple[int, str], Publication]
    dead: dict[int, LinkCheck]


def known(drafts: Sequence[Draft]) -> Known:
    """Five queries, however many drafts there are. Reads their pictures."""
    rows, images = out_or_planned(drafts), {row.image_id for draft in drafts for row in draft.framed()}
    alike = rows.filter(pk__in=[0, *reading_alike(drafts, rows)])  # Of an empty list Django would ask nobody.
    depicting = rows.filter(pictures__image__in=images).prefetch_related("pictures") if images else rows.none()
    dead = LinkCheck.objects.filter(draft__in=drafts).exclude(problem="")
    return Known(
        {(row.account_id, likeness.words(row.text)): row for row in alike}
        | {(row.account_id, row.text): row for row in alike},
        {(row.account_id, picture.image_id): row for row in depicting for picture in row.pictures.all()},
        {check.draft_id: check for check in dead},
    )


def reading_alike(drafts: Sequence[Draft], rows: QuerySet[Publication]) -> list[int]:
    wanted = {(draft.account_id, words) for draft in drafts if (words := likeness.words(draft.text))}
    texts = rows.exclude(text="").order_by().values_list("pk", "account_id", "text") if wanted else ()
    return [pk for pk, account, text in texts if (account, likeness.words(text)) in wanted]


def out_or_planned(drafts: Sequence[Draft]) -> QuerySet[Publication]:
    """In the last year. The newest comes last."""
    rows = Publication.objects.filter(account__in={draft.account_id for draft in drafts})
    rows = rows.filter(
        Q(published_at__isnull=False) | Q(state__in=PLANNED), publish_at__gt=timezone.now() - LOOKED_BACK
    )
    return rows.exclude(pk__in=[draft.publication_id for draft in drafts if draft.publication_id]).order_by(
        "publish_at"
    )


def cautions(found: Draft, facts: Known, near: Iterable[Neighbour]) -> list[Caution]:
    return [
        *twins(found, facts),
        *crowding(near),
        *undescribed(found.framed()),
        *unseen(found),
        *dead_link(found, facts),
        *bare_link(found),
    ]


def twins(found: Draft, facts: Known) -> Iterator[Caution]:
    exact, alike = (found.account_id, found.text), (found.account_id, likeness.words(found.text))
    if twin := facts.texts.get(exact) or facts.texts.get(alike):
        yield about(twin, "The same text")
    pictures = found.framed()
    for number, picture in enumerate(pictures, 1):
        if twin := facts.images.get((found.account_id, picture.image_id)):
            yield about(twin, f"Image {number}" if pictures[1:] else "The same image")
            return


def about(twin: Publication, what: str) -> Caution:
    happens = "went out on this account" if twin.published_at else "is planned for this account"
    return Caution(f"{what} {happens}:", twin, twin.published_at or twin.publish_at)


def crowding(close: Iterable[Neighbour]) -> Iterator[Caution]:
    for near in close:
        yield Caution(f"Another post of the account lies {in_words(near.apart)} away:", near.publication, near.at)


def in_words(apart: timedelta) -> str:
    minutes = round(apart.total_seconds() / 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}" if minutes else "less than a minute"


def undescribed(pictures: Iterable[Picture]) -> Iterator[Caution]:
    bare = [str(number) for number, picture in enumerate(pictures, 1) if is_blank(picture.alt)]
    if len(bare) == 1:
        yield Caution(f"Image {bare[0]} has no alt text.")
    elif bare:
        yield Caution(f"Images {', '.join(bare[:-1])} and {bare[-1]} have no alt text.")


def unseen(found: Draft) -> Iterator[Caution]:
    """What reads otherwise than it is stored."""
    alts = [(f"The alt text of image {number}", row.alt) for number, row in enumerate(found.framed(), 1)]
    for where, text in [("The text", found.text), ("The link", found.link), *alts, ("The title", found.title)]:
        if odd := invisible.found(text):
            names = ", ".join(map(invisible.named, odd))
            yield Caution(f"{where} holds characters that nobody sees: {names}. Here: “{invisible.shown(text)}”.")


def bare_link(found: Draft) -> Iterator[Caution]:
    """Platforms make a card of the link that comes as one, and of none that is merely written."""
    gets_a_card = found.account.limits.link_card and not found.framed()
    if gets_a_card and not found.link and LINK.search(found.text):
        yield Caution("The link is in the text only, so it gets no card. Put it into the link field to get one.")


def dead_link(found: Draft, facts: Known) -> Iterator[Caution]:
    check = facts.dead.get(found.pk)
    if check and check.link == found.link:
        yield Caution(f"The link does not work. {check.problem} Looked at:", None, check.looked_at)
