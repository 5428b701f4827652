"""Where Instagram fetches images from: it takes no upload (platforms.md B5)."""

from datetime import timedelta

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from publishing.models import Publication
from publishing.models.post import CHECK, OUTBOUND
from publishing.models.queue import PublicationQuerySet

FOR_A_CHECK = timedelta(minutes=5)


@require_safe
def outbound(request: HttpRequest, ticket: str) -> HttpResponse:
    """The approved bytes, while the publication is on its way; 404 for everything else."""
    return answer(Publication.objects.fetching(timezone.now()), ticket, OUTBOUND)


@require_safe
def outbound_check(request: HttpRequest, ticket: str) -> HttpResponse:
    """The same bytes for Sophia itself, which looks whether the world could fetch them: for a few minutes, while the
    publication waits."""
    return answer(Publication.objects.waiting(), ticket, CHECK, FOR_A_CHECK)


def answer(rows: PublicationQuerySet, ticket: str, salt: str, max_age: timedelta | None = None) -> HttpResponse:
    try:
        publication_id, sha256 = signing.loads(ticket.rpartition(".")[0], salt=salt, max_age=max_age)
    except signing.BadSignature:
        raise Http404 from None
    found = rows.filter(pk=publication_id).first()
    picture = found and found.pictures.select_related("image").filter(image=sha256).first()
    data = picture and picture.bytes_if_intact()
    if not picture or not data:
        raise Http404
    return HttpResponse(data, content_type=picture.image.mime, headers={"X-Content-Type-Options": "nosniff"})
