"""Errors to Sentry, for who wants them there. Imported only where SENTRY_DSN is set."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from sophia.logs import scrub
from sophia.tracing import subject

MISSING = (
    "SENTRY_DSN is set, and sentry-sdk is not installed. Install it with "
    "pip --python .venv/bin/python install --require-hashes -r requirements-sentry.lock, or leave SENTRY_DSN empty."
)
OF_REQUESTS = ("method", "url")
"""All that is kept of a request: no body, no cookie, no header, no address of a person."""
OF_CALLS = ("http.method", "http.response.status_code")


def start(dsn: str) -> None:
    try:
        import sentry_sdk
    except ImportError:
        raise ImproperlyConfigured(MISSING) from None
    try:
        sentry_sdk.init(
            dsn,
            before_send=clean,
            before_breadcrumb=breadcrumb,
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,  # They hold tokens and texts.
        )
    except sentry_sdk.utils.BadDsn as wrong:
        raise ImproperlyConfigured(f"SENTRY_DSN is not the address of a Sentry project: {wrong}.") from None


def clean(event: Any, hint: Any) -> Any:
    request = event.get("request") or {}
    if request:
        event["request"] = {key: request[key] for key in OF_REQUESTS if key in request}
        event["request"]["url"] = str(request.get("url", "")).partition("?")[0]
    event.pop("user", None)
    event["tags"] = {**(event.get("tags") or {}), **{key: str(value) for key, value in subject().items()}}
    return scrubbed(event)


def breadcrumb(crumb: Any, hint: Any) -> Any:
    """What went before an error. Of a call only whom it was to: the path of a channel's address is its secret."""
    data = crumb.get("data") or {}
    if "url" in data:
        to = urlsplit(str(data["url"]))
        crumb["data"] = {key: data[key] for key in OF_CALLS if key in data} | {"url": f"{to.scheme}://{to.hostname}"}
    return scrubbed(crumb)


def scrubbed(value: Any) -> Any:
    """Every text in it, however deep."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {key: scrubbed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed(inner) for inner in value]
    return value
