"""What the platform has of a publication, and what of it may be left there, for its page. Reads only."""

from typing import Any

from publishing.models import Publication


def context(found: Publication) -> dict[str, Any]:
    current = found.preparations.open().first()
    return {
        "preparing": current.progress if current else "",
        "leftovers": list(found.preparations.needing_a_person()),
        "leftover_steps": found.account.platform_class.leftover_steps(),
    }
