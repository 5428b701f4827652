"""Who is calling, and what the call may reach. Facts: platforms.md E."""

import hmac
from typing import Any

from publishing.sandbox import errors
from publishing.sandbox.calls import Call
from publishing.sandbox.models import APP_SECRET, Account, Knob, Token
from publishing.sandbox.shapes import shape, timestamp_number


def authenticate(call: Call) -> Token:
    if not call.token_value:
        raise errors.GraphError(104, "An access token is required to request this resource.")
    token = Token.objects.filter(value=call.token_value).first()
    if token is None or token.trouble:
        status = Knob.objects.for_account()["auth_status"]
        raise errors.bad_token(token.trouble if token else None, status)
    require_proof(call, token)
    return token


def require_proof(call: Call, token: Token) -> None:
    """A proof that is sent must be right even where none is asked for."""
    proof = call.text("appsecret_proof")
    if not proof and Knob.objects.for_account()["proof_required"]:
        said = "API calls from the server require an appsecret_proof argument"
    elif proof and not hmac.compare_digest(proof.encode(), token.proof.encode()):
        said = "Invalid appsecret_proof provided in the API argument"
    else:
        return
    raise errors.GraphError(100, said, kind="GraphMethodException")


def require_scope(token: Token, scope: str) -> None:
    if scope and scope not in token.scopes:
        raise errors.lacks(scope)


def me(call: Call, edge: str) -> dict[str, Any]:
    person = call.token.page is None
    if call.method == "GET" and not edge:
        return read_me(call)
    if call.method == "GET" and edge == "accounts" and person:
        return {"data": [page_of_person(call, page) for page in call.token.pages]}
    if call.method == "GET" and edge == "permissions" and person:
        return {"data": [{"permission": scope, "status": "granted"} for scope in call.token.scopes]}
    raise errors.no_field(edge, "User" if person else "Page")


def read_me(call: Call) -> dict[str, Any]:
    if page := call.token.page:
        call.account = page
        return shape(call, page, default="name,id")
    person = {"name": "Sandbox Person", "id": call.token.person_id}
    wanted = call.text("fields").split(",")
    return {name: value for name, value in person.items() if name == "id" or name in wanted or not wanted[0]}


def page_of_person(call: Call, page: Account) -> dict[str, Any]:
    return {
        "access_token": Token.objects.for_page(page, call.token).value,
        "category": "Local business",
        "category_list": [{"id": "2500", "name": "Local business"}],
        "name": page.name,
        "id": page.external_id,
        "tasks": ["ANALYZE", "ADVERTISE", "MODERATE", "CREATE_CONTENT", "MANAGE"],
    }


def debug_token(call: Call) -> dict[str, Any]:
    """For app tokens only: `{app id}|{secret}`."""
    app_id, _, secret = call.token_value.partition("|")
    if not app_id or not hmac.compare_digest(secret.encode(), APP_SECRET.encode()):
        raise errors.invalid("You must provide an app access token")
    token = Token.objects.filter(value=call.text("input_token"), app_id=app_id).first()
    return {"data": description(token) if token else invalid_token(None)}


def description(token: Token) -> dict[str, Any]:
    about: dict[str, Any] = {
        "app_id": token.app_id,
        "type": {"page": "PAGE", "user": "USER", "system": "SYSTEM_USER"}[token.kind],
        "application": "Sophia sandbox",
        "data_access_expires_at": timestamp_number(token.issued_at) + 90 * 86400,
        "expires_at": timestamp_number(token.expires_at) if token.expires_at else 0,
        "is_valid": not token.trouble,
        "issued_at": timestamp_number(token.issued_at),
        "scopes": token.scopes,
        "granular_scopes": granular_scopes(token),
        "user_id": token.person_id,
    }
    if token.page:
        about["profile_id"] = token.page.external_id
    return about | (invalid_token(token.trouble) if token.trouble else {})


def granular_scopes(token: Token) -> list[dict[str, Any]]:
    targets = list(token.accounts.order_by("pk").values_list("external_id", flat=True))
    return [{"scope": scope, "target_ids": targets} for scope in token.scopes]


def invalid_token(subcode: int | None) -> dict[str, Any]:
    trouble = errors.bad_token(subcode)
    return {"is_valid": False, "error": {"code": 190, "message": trouble.message, "subcode": subcode or 0}}
