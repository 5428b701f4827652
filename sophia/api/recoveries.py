from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router

from publishing import models
from publishing.models.stages import Stage
from sophia.api import asking, paging, shapes, sight, values
from sophia.api.bearer import Asked, Bearer
from sophia.api.once import KEYED, once
from sophia.api.problems import Problem
from sophia.api.values import iso
from sophia.doors import Via
from sophia.tokens.models import Answered, Token

router = Router(tags=["Recoveries"])
reading, requesting = Bearer("recoveries:read"), Bearer("recoveries:request")


class Narrowing(paging.Paging):
    state: Stage | None = None
    publication: values.Id | None = None


@router.get("", auth=reading, response=shapes.Recoveries, summary="List recoveries")
def listed(request: Asked, asked: Query[Narrowing]) -> Any:
    rows = sight.recoveries(request.auth).filter(**asked.narrowing())
    return paging.page(request, rows, asked, lambda found: [document(each) for each in found])


@router.post(
    "",
    auth=requesting,
    response={201: shapes.Recovery},
    summary="Ask a person to take a post down",
    openapi_extra=KEYED,
)
def ask(request: Asked, new: asking.RecoveryAsked) -> Any:
    """It is filed for a person, who carries it out or dismisses it. Where one is open already, that one is answered."""
    found = named(request.auth, new.publication)
    return once(request, lambda: file(request.auth, found, new))


def named(token: Token, pk: int) -> models.Publication:
    found = sight.publications(token).filter(pk=pk).first()
    if found is None:
        said = f"There is no publication {pk} for this token. GET /api/v1/publications lists them."
        raise Problem("refused", said, "publication")
    return found


def file(token: Token, found: models.Publication, new: asking.RecoveryAsked) -> Answered:
    later = models.Recovery.Urgency.REVIEW
    filed = found.recover(by=token.person, reason=new.reason, urgency=later, via=Via.API)
    return 201, document(filed)


@router.get("/{int:pk}", auth=reading, response=shapes.Recovery, summary="Show a recovery")
def show(request: Asked, pk: Path[values.Id]) -> Any:
    return document(get_object_or_404(sight.recoveries(request.auth), pk=pk))


def document(found: models.Recovery) -> dict[str, Any]:
    return {
        "id": found.pk,
        "url": settings.SOPHIA_PUBLIC_URL + found.page(),
        "publication": found.publication_id,
        "state": found.state,
        "urgency": found.urgency,
        "reason": found.reason,
        "requested_by": found.requested_by.get_username(),
        "requested_at": iso(found.requested_at),
        "via": found.via,
        "executed_by": found.executed_by.get_username() if found.executed_by else None,
        "finished_at": iso(found.finished_at),
        "seen_gone_at": iso(found.seen_gone_at),
        "note": found.note,
    }
