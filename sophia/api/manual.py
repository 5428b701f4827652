"""The description as a page for people: what there is, what goes in, what comes out, what goes wrong."""

from typing import Any

from sophia.api.problems import KINDS
from sophia.tokens.scopes import SCOPES

Schema = dict[str, Any]


def told(schema: Schema) -> dict[str, Any]:
    """What the template shows."""
    shapes = schema["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(deed(method, path, operation))
    return {
        "groups": groups,
        "shapes": [{"name": name, **shape, "rows": rows(shape)} for name, shape in sorted(shapes.items())],
        "problems": KINDS,
        "scopes": SCOPES,
    }


def deed(method: str, path: str, operation: Schema) -> dict[str, Any]:
    body = next(iter(operation.get("requestBody", {}).get("content", {}).items()), None)
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": plain(operation.get("description", "")),
        "scope": operation["security"][0]["token"][0],
        "parameters": [parameter(each) for each in operation["parameters"]],
        "takes": {"type": body[0], **kind(body[1]["schema"])} if body else None,
        "gives": [answer(status, each) for status, each in operation["responses"].items() if int(status) < 400],
        "refusals": [status for status in operation["responses"] if int(status) >= 400],
    }


def parameter(each: Schema) -> dict[str, Any]:
    told = {"name": each["name"], "where": each["in"], "required": each["required"], **facts(each["schema"])}
    return told | {"description": plain(each.get("description", "")) or told["description"]}


def answer(status: int, each: Schema) -> dict[str, Any]:
    media, content = next(iter(each["content"].items()))
    return {"status": status, "type": media, **kind(content["schema"])}


def rows(shape: Schema) -> list[dict[str, Any]]:
    required = shape.get("required", [])
    return [
        {"name": name, "required": name in required, **facts(each)}
        for name, each in shape.get("properties", {}).items()
    ]


def facts(each: Schema) -> dict[str, Any]:
    """Of one value: what it is, in a few words."""
    return {**kind(each), "description": plain(each.get("description", "")), "bounds": bounds(each)}


def plain(text: str) -> str:
    """Descriptions mark names as Markdown does."""
    return text.replace("`", "")


def kind(each: Schema) -> dict[str, str]:
    """Its type as words, and the name of the shape that it is made of."""
    if "$ref" in each:
        name = each["$ref"].rpartition("/")[2]
        return {"kind": name, "shape": name}
    if options := each.get("anyOf"):
        parts = [kind(option) for option in options]
        return {"kind": " or ".join(part["kind"] for part in parts), "shape": "".join(part["shape"] for part in parts)}
    if "enum" in each:
        return {"kind": " · ".join(map(str, each["enum"])), "shape": ""}
    if each.get("type") == "array":
        of = kind(each["items"])
        return {"kind": f"list of {of['kind']}", "shape": of["shape"]}
    return {"kind": str(each.get("format") or each.get("type", "anything")), "shape": ""}


LIMITS = {"maxLength": "up to {} characters", "maxItems": "up to {}", "minimum": "from {}", "maximum": "up to {}"}


def bounds(each: Schema) -> str:
    whole = next((one for one in each.get("anyOf", []) if one.get("type") != "null"), each)
    return " ".join(
        said.format(whole[name]) for name, said in LIMITS.items() if whole.get(name) and whole[name] < 2**60
    )
