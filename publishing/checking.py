"""The door to a check ahead of time."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from publishing import views
from sophia.answers import Asked


@require_POST
@views.viewing
def preflight(request: Asked, pk: int) -> HttpResponse:
    found = views.find(request, pk)
    done = "Being checked. This page says what is found."
    return views.door(request, pk, lambda: found.ask_preflight(by=request.user), done)
