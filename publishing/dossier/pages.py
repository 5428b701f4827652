"""The dossier of a publication, as a page that needs nothing else and as JSON."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from publishing.dossier.packet import Dossier
from publishing.views import find
from sophia.answers import Asked, seen_with

viewing = seen_with("publishing.view_publication")
ALONE = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def made(request: Asked, pk: int) -> Dossier:
    return Dossier.of(find(request, pk), by=request.user)


@require_safe
@viewing
def page(request: Asked, pk: int) -> HttpResponse:
    dossier = made(request, pk)
    response = HttpResponse(dossier.html())
    response["Content-Disposition"] = f'inline; filename="{dossier.name}.html"'
    response["Content-Security-Policy"] = ALONE
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@viewing
def data(request: Asked, pk: int) -> HttpResponse:
    dossier = made(request, pk)
    response = HttpResponse(dossier.json(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{dossier.name}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
