"""How tests and scripts set the sandbox up, over HTTP and in JSON. Open to everybody: it is a toy on loopback."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from publishing.sandbox import phone
from publishing.sandbox.models import DEFAULTS, Account, Fault, Knob, Page, Picture, Post, Profile, Request, Token

Answer = dict[str, Any]


class Wrong(Exception):  # noqa: N818
    """The request asks for something that the sandbox does not have."""


def control(*methods: str) -> Callable[[Callable[..., Answer]], Callable[..., JsonResponse]]:
    """A view that takes and gives JSON. What is wrong with a request is said with HTTP 400."""

    def wrap(view: Callable[..., Answer]) -> Callable[..., JsonResponse]:
        @csrf_exempt
        @require_http_methods(methods)
        @wraps(view)
        def inner(request: HttpRequest) -> JsonResponse:
            try:
                return JsonResponse(view(request, body_of(request)))
            except ValidationError as error:
                return JsonResponse({"problem": "; ".join(error.messages)}, status=400)
            except (Wrong, ValueError) as error:
                return JsonResponse({"problem": str(error)}, status=400)

        return inner

    return wrap


def body_of(request: HttpRequest) -> Answer:
    body = json.loads(request.body or b"{}")
    if not isinstance(body, dict):
        raise Wrong("Send a JSON object.")
    return body


def only(body: Answer, *names: str) -> None:
    if unknown := sorted(set(body) - set(names)):
        raise Wrong(f"Unknown: {', '.join(unknown)}. There are: {', '.join(names)}.")


DETAILS = ("when", "times", "code", "subcode", "http_status", "is_transient", "message", "seconds")


@control("GET", "POST", "DELETE")
def faults(request: HttpRequest, body: Answer) -> Answer:
    if request.method == "DELETE":
        Fault.objects.clear()
    if request.method == "POST":
        only(body, "on", "kind", *DETAILS)
        details = {name: body[name] for name in DETAILS if name in body}
        Fault.objects.arm(str(body.get("on", "")), str(body.get("kind", "")), **details)
    return {"faults": [fault_as_json(fault) for fault in Fault.objects.order_by("pk")]}


def fault_as_json(fault: Fault) -> Answer:
    details = {name: getattr(fault, name) for name in DETAILS}
    on = f"{fault.method} {fault.path}"
    return {"id": fault.pk, "on": on, "kind": fault.kind, **details, "used": fault.used, "left": fault.left}


@control("GET", "POST", "DELETE")
def knobs(request: HttpRequest, body: Answer) -> Answer:
    """POST `{"account": "1001", "two_step": false}`; without an account for all."""
    if request.method == "DELETE":
        Knob.objects.reset()
    if request.method == "POST":
        Knob.objects.turn(str(body.pop("account", "")), **body)
    turned: dict[str, Answer] = {}
    for knob in Knob.objects.order_by("account", "name"):
        turned.setdefault(knob.account or "all", {})[knob.name] = knob.value
    return {"defaults": DEFAULTS, "turned": turned}


@control("GET", "DELETE")
def requests(request: HttpRequest, body: Answer) -> Answer:
    """Oldest first. Query parameters method, path and account narrow the list."""
    if request.method == "DELETE":
        Request.objects.all().delete()
    wanted = {name: request.GET[name] for name in ("method", "path", "account") if name in request.GET}
    rows = Request.objects.filter(**wanted).order_by("pk")
    return {"requests": [request_as_json(row) for row in rows]}


def request_as_json(row: Request) -> Answer:
    names = ("method", "path", "version", "account", "params", "token_in", "status", "code", "subcode", "fault")
    return {"id": row.pk, "at": row.at.isoformat(), **{name: getattr(row, name) for name in names}}


@control("POST")
def foreign(request: HttpRequest, body: Answer) -> Answer:
    """A post of somebody at the client: without words, or with those of somebody else."""
    only(body, "account", "text", "images", "offset_seconds")
    account = Account.objects.filter(external_id=str(body.get("account"))).first()
    if account is None:
        raise Wrong(f"There is no account {body.get('account')}. Open it first.")
    made = phone.post(
        account, str(body.get("text", "")), int(body.get("images", 0)), float(body.get("offset_seconds", 0))
    )
    return {"id": made.graph_id}


@control("POST")
def remove(request: HttpRequest, body: Answer) -> Answer:
    """By hand. Removing twice is fine; `removed` tells whether it was there. Photos that no post shows go too."""
    only(body, "id")
    name = str(body.get("id"))
    post, photo = Post.objects.filter(graph_id=name).first(), Picture.objects.filter(graph_id=name).first()
    if found := post or photo:
        return {"removed": found.remove()}
    raise Wrong(f"There is no post or photo {name}.")


RIGHTS = ("token", "scopes", "kind", "app_id", "expires_at", "broken")


@control("GET", "POST")
def accounts(request: HttpRequest, body: Answer) -> Answer:
    if request.method == "POST":
        return account_as_json(open_account(body))
    return {"accounts": [account_as_json(account) for account in Account.objects.all()]}


def open_account(body: Answer) -> Account:
    only(body, "platform", "id", "name", "username", "page", *RIGHTS)
    if not body.get("id"):
        raise Wrong("An account needs an id.")
    external_id = str(body["id"])
    name = str(body.get("name") or external_id)
    rights = {key: body[key] for key in RIGHTS if key in body}
    if rights.get("expires_at"):
        rights["expires_at"] = datetime.fromisoformat(rights["expires_at"])
    refuse_other_platform(external_id, body.get("platform"))
    match body.get("platform"):
        case "facebook":
            return Page.objects.open(external_id, name, **rights)
        case "instagram":
            username = str(body.get("username") or "")
            return Profile.objects.open(external_id, name, page=page_of(body), username=username, **rights)
    raise Wrong("An account needs a platform: facebook or instagram.")


def refuse_other_platform(external_id: str, platform: object) -> None:
    if Account.objects.filter(external_id=external_id).exclude(platform=platform).exists():
        raise Wrong(f"The id {external_id} belongs to an account on another platform.")


def page_of(body: Answer) -> Account | None:
    if not body.get("page"):
        return None
    page = Page.objects.filter(external_id=str(body["page"])).first()
    if page is None:
        raise Wrong(f"There is no Page {body['page']}. Open it first.")
    return page


def account_as_json(account: Account) -> Answer:
    return {
        "platform": account.platform,
        "id": account.external_id,
        "name": account.name,
        "page": account.page.external_id if account.page else None,
        "wall": account.get_absolute_url(),
        "tokens": [token_as_json(token) for token in account.tokens.order_by("pk")],
    }


def token_as_json(token: Token) -> Answer:
    """With its value: these tokens open nothing but this toy."""
    expires_at = token.expires_at.isoformat() if token.expires_at else None
    facts = {"token": token.value, "kind": token.kind, "app_id": token.app_id, "scopes": token.scopes}
    return {**facts, "expires_at": expires_at, "broken": token.broken}
