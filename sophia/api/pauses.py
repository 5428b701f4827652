from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Path, Query, Router

from publishing import lifting, models
from sophia.api import asking, paging, shapes, sight, values
from sophia.api.bearer import Asked, Bearer
from sophia.api.once import KEYED, once
from sophia.api.problems import Problem
from sophia.api.values import iso
from sophia.doors import Via
from sophia.refusals import NotAllowed
from sophia.tokens.models import Answered, Token

router = Router(tags=["Pauses"])
reading, pausing = Bearer("pauses:read"), Bearer("pauses:write")
SCOPES = ("client", "platform", "account", "everything")


class Narrowing(paging.Paging):
    in_force: bool | None = None


@router.get("", auth=reading, response=shapes.Pauses, summary="List pauses")
def listed(request: Asked, asked: Query[Narrowing]) -> Any:
    rows = sight.pauses(request.auth)
    if asked.in_force is not None:
        rows = rows.filter(lifted_at__isnull=asked.in_force)
    return paging.page(request, rows, asked, lambda found: [document(each) for each in found])


@router.post("", auth=pausing, response={201: shapes.PauseStarted}, summary="Pause publishing", openapi_extra=KEYED)
def start(request: Asked, new: asking.PauseAsked) -> Any:
    """A client, a platform, an account, or everything. Nothing of it goes out until somebody lifts it."""
    what = scope(request.auth, new)
    return once(request, lambda: begin(request.auth, new.reason, what))


def begin(token: Token, reason: str, what: dict[str, Any]) -> Answered:
    started = models.Pause.objects.start(by=token.person, reason=reason, via=Via.API, **what)
    held = models.Publication.objects.held_by(started).count()
    late = list(started.too_late_for().values_list("pk", flat=True))
    return 201, document(started) | {"holds": held, "too_late_for": late}


def scope(token: Token, new: asking.PauseAsked) -> dict[str, Any]:
    """As `Pause.objects.start` wants it. Nothing named never means everything."""
    named = [name for name in SCOPES if getattr(new, name)]
    if len(named) != 1:
        raise Problem("invalid", f"Name one of {', '.join(SCOPES)}: what is to be held.", "everything")
    if new.client:
        return {"client": client(token, new.client)}
    if new.account:
        return {"account": sight.account(token, new.account)}
    require_unlimited(token)
    return {"platform": new.platform or ""}


def client(token: Token, pk: int) -> models.Client:
    found = sight.clients(token).filter(pk=pk).first()
    if found is None:
        raise Problem("refused", f"There is no client {pk} for this token. GET /api/v1/accounts names them.", "client")
    return found


def require_unlimited(token: Token) -> None:
    if token.limited:
        raise NotAllowed("This token is for some clients only. It may pause them and their accounts, not all others.")


@router.get("/{int:pk}/plan", auth=reading, response=shapes.Plan, summary="What lifting a pause would do")
def plan(request: Asked, pk: Path[values.Id]) -> Any:
    found = find(request.auth, pk)
    steps = lifting.plan([found], timezone.now())
    return {"pause": found.pk, "digest": lifting.digest(steps), "steps": [step(each) for each in own(request, steps)]}


@router.post("/{int:pk}/lift", auth=pausing, response=shapes.Pause, summary="Lift a pause")
def lift(request: Asked, pk: Path[values.Id], new: asking.LiftAsked) -> Any:
    """As the plan says that you read: if lifting would do something else by now, nothing is lifted. What was lifted
    stays so, whatever Idempotency-Key comes."""
    found = find(request.auth, pk)
    if not (found.client_id or found.account_id):
        require_unlimited(request.auth)
    lifting.lift([found], by=request.auth.person, via=Via.API, seen=new.plan)
    return document(find(request.auth, pk))


def find(token: Token, pk: int) -> models.Pause:
    return get_object_or_404(sight.pauses(token), pk=pk)


def own(request: Asked, steps: list[lifting.Step]) -> list[lifting.Step]:
    """Of a pause of everything, only what the token may see."""
    seen = set(sight.accounts(request.auth).values_list("pk", flat=True))
    return [each for each in steps if each.publication.account_id in seen]


def step(each: lifting.Step) -> dict[str, Any]:
    return {
        "publication": each.publication.pk,
        "publish_at": iso(each.publication.publish_at),
        "verdict": each.verdict,
        "will": each.will,
        "at": iso(each.at),
    }


def document(found: models.Pause) -> dict[str, Any]:
    return {
        "id": found.pk,
        "scope": found.scope,
        "client": found.client_id,
        "platform": found.platform or None,
        "account": found.account.label if found.account else None,
        "reason": found.reason,
        "started_by": found.started_by.get_username(),
        "started_at": iso(found.started_at),
        "started_via": found.started_via,
        "lifted_by": found.lifted_by.get_username() if found.lifted_by else None,
        "lifted_at": iso(found.lifted_at),
    }
