"""Where Instagram fetches images from: it takes no upload (platforms.md B5)."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from publishing.models import Publication
from publishing.models.post import OUTBOUND


@require_safe
def outbound(request: HttpRequest, ticket: str) -> HttpResponse:
    """The approved bytes, while the publication is on its way; 404 for everything else."""
    try:
        publication_id, sha256 = signing.loads(ticket.rpartition(".")[0], salt=OUTBOUND)
    except signing.BadSignature:
        raise Http404 from None
    fetching = Publication.objects.fetching(timezone.now()).filter(pk=publication_id).first()
    picture = fetching and fetching.pictures.select_related("image").filter(image=sha256).first()
    data = picture and picture.bytes_if_intact()
    if not picture or not data:
        raise Http404
    return HttpResponse(data, content_type=picture.image.mime, headers={"X-Content-Type-Options": "nosniff"})
