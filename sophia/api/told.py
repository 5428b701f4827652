"""A notice as programs get it, from the list and from the stream."""

from typing import Any

from django.conf import settings

from sophia.notifications.models import Notice


def document(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "sentence": notice.sentence,
        "url": address(notice.link),
        "urgent": notice.urgent,
        "client": notice.client_id,
        "at": notice.created_at.isoformat(),
    }


def address(link: str) -> str | None:
    """A link of ours begins with a slash."""
    return settings.SOPHIA_PUBLIC_URL + link if link.startswith("/") else link or None
