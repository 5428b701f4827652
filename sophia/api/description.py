"""The API as OpenAPI 3.1."""

import copy
from typing import Any

from ninja import NinjaAPI

from sophia.api.problems import CHALLENGE, KINDS, MEDIA_TYPE
from sophia.api.shapes import ProblemShape

EVERYWHERE = ("token", "forbidden", "invalid", "too-many")
WITH_ID = ("missing",)
WITH_BODY = ("malformed", "conflict", "changed", "length", "too-large", "media-type", "refused", "key-reused")
HEADERS = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string", "examples": [CHALLENGE]}}},
    429: {"Retry-After": {"required": True, "schema": {"type": "integer"}, "description": "Seconds."}},
}
TOKEN = {"type": "http", "scheme": "bearer", "description": "A token that an administrator made at /tokens/."}
PROBLEM = "#/components/schemas/Problem"
STREAM = {
    "operationId": "notices_stream",
    "summary": "Hear notices live",
    "description": (
        "Server-sent events, one for each notice, for as long as the connection lasts. A stream begins with an "
        "`id`: send the last one that you heard as `Last-Event-ID`, and what came since comes first. A `stream- "
        "reset` event says that your place is too old: read the list. Sophia ends a stream after ten minutes: "
        "connect again. A token keeps only a few open."
    ),
    "tags": ["Notices"],
    "parameters": [
        {
            "in": "header",
            "name": "Last-Event-ID",
            "required": False,
            "schema": {"type": "string"},
            "description": "Where to go on.",
        }
    ],
    "responses": {200: {"description": "OK", "content": {"text/event-stream": {"schema": {"type": "string"}}}}},
}


def described(api: NinjaAPI, scopes: dict[str, str]) -> dict[str, Any]:
    """`scopes`: of each operation, by its id."""
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix="api/v1")
    schema["components"]["schemas"] |= problem_shapes()
    schema["components"]["securitySchemes"] = {"token": TOKEN}
    schema["paths"]["/api/v1/notices/stream"] = {"get": copy.deepcopy(STREAM)}
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            complete(operation, path)
            operation["security"] = [{"token": [scopes.get(operation["operationId"], "notices:read")]}]
    return schema


def problem_shapes() -> dict[str, Any]:
    shape = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**shape.pop("$defs"), "Problem": shape}


def complete(operation: dict[str, Any], path: str) -> None:
    """What ninja does not know: the problems that the operation may answer."""
    kinds = [*EVERYWHERE, *(WITH_ID if "{" in path else ()), *(WITH_BODY if "requestBody" in operation else ())]
    for status in sorted({KINDS[kind].status for kind in kinds}):
        operation["responses"][status] = {
            "description": " ".join(f"{KINDS[kind].title}." for kind in kinds if KINDS[kind].status == status),
            "content": {MEDIA_TYPE: {"schema": {"$ref": PROBLEM}}},
            **({"headers": HEADERS[status]} if status in HEADERS else {}),
        }
