"""What every page shows."""

from functools import cache
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from approval.models import Draft
from publishing.models import Pause
from publishing.pulse import Pulse
from sophia.membership import works_for
from sophia.notifications.models import Notice
from sophia.signin import requirement

MOST_UNREAD = 100
"""Counted no further: the bell says 99+."""


def desk(request: HttpRequest) -> dict[str, Any]:
    if not request.user.has_perms(["approval.view_draft", "publishing.view_publication"]):
        return {}
    return {
        "pauses": Pause.objects.visible_to(request.user).in_force().select_related("started_by", "client", "account"),
        "in_review": cache(Draft.objects.visible_to(request.user).in_review().count),
        "pulse": Pulse(request.user),
        "unread": Notice.objects.unread_by(cast(User, request.user))[:MOST_UNREAD].count,
        "works_for_all": works_for(request.user) is None,
        "sandbox": settings.SOPHIA_SANDBOX,
        "lacks_second_factor": cache(lambda: requirement.is_lacking(request.user)),
    }
