"""“It is done”: a person has looked for what Sophia could not find, or may not remove."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from publishing import views
from publishing.models import Preparation
from sophia.answers import Asked


@require_POST
@views.viewing
def done(request: Asked, pk: int) -> HttpResponse:
    mine = Preparation.objects.visible_to(request.user).needing_a_person()
    found = get_object_or_404(mine.select_related("publication__account"), pk=pk)
    said = "Noted. Sophia does not look for it any more."
    return views.door(request, found.publication_id, lambda: found.settle(by=request.user), said)
