"""What every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from approval.models import Draft
from publishing.models import Pause, Publication


def desk(request: HttpRequest) -> dict[str, Any]:
    if not request.user.has_perms(["approval.view_draft", "publishing.view_publication"]):
        return {}
    return {
        "pauses": Pause.objects.in_force().select_related("started_by", "client", "account"),
        "in_review": Draft.objects.in_review().count,
        "in_queue": Publication.objects.waiting().count,
        "sandbox": settings.SOPHIA_SANDBOX,
    }
