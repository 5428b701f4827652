"""The door to a check ahead of time."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from publishing import views
from publishing.models import Publication
from sophia.answers import Asked


@require_POST
@views.viewing
def preflight(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(Publication, pk=pk)
    done = "Being checked. This page says what is found."
    return views.door(request, pk, lambda: found.ask_preflight(by=request.user), done)
