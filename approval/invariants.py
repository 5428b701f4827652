"""What must always be true of drafts."""

from collections.abc import Iterator
from datetime import datetime

from approval.models import Draft
from sophia.findings import Finding


def approved_without_publication(now: datetime) -> Iterator[Finding]:
    """The database refuses it too, unless somebody took its rule away."""
    for draft in Draft.objects.filter(state=Draft.State.APPROVED, publication=None).select_related("account")[:200]:
        yield Finding(
            f"draft:{draft.pk}",
            f"{draft} is approved, and nothing goes out for it.",
            "Reopen it and approve it again.",
            draft.get_absolute_url(),
            draft.client_id,
        )


INVARIANTS = (approved_without_publication,)
