"""What every page shows."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from approval.models import Draft
from publishing.models import Pause, Publication
from sophia.notifications.models import Notice

MOST_UNREAD = 100
"""Counted no further: the bell says 99+."""


def desk(request: HttpRequest) -> dict[str, Any]:
    if not request.user.has_perms(["approval.view_draft", "publishing.view_publication"]):
        return {}
    return {
        "pauses": Pause.objects.in_force().select_related("started_by", "client", "account"),
        "in_review": Draft.objects.in_review().count,
        "in_queue": Publication.objects.waiting().count,
        "unread": Notice.objects.unread_by(cast(User, request.user))[:MOST_UNREAD].count,
        "sandbox": settings.SOPHIA_SANDBOX,
    }
