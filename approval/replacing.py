"""A post that came down is written again: a new draft from what was archived. It goes out only as any draft does."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from approval.models import Draft
from publishing.models import Publication, Recovery
from publishing.platforms.likeness import loosely
from sophia import people
from sophia.answers import Asked, seen_with
from sophia.doors import Via
from sophia.refusals import Refused, WrongState


def replacement(recovery: Recovery, *, by: User, via: str = Via.WEB) -> Draft:
    """The one draft that replaces what `recovery` takes down, in review. Asked for again it is the same."""
    people.require(by, people.SUBMIT, of=recovery.publication.client_id)
    with transaction.atomic():
        recovery.lock()
        if existing := Draft.objects.filter(replaces=recovery).first():
            return existing
        if recovery.state == Recovery.State.DISMISSED:
            raise WrongState(f"{recovery} was dismissed: the post stays up, and nothing replaces it.")
        return write(recovery, by, via)


def write(recovery: Recovery, by: User, via: str) -> Draft:
    old = recovery.publication
    draft = Draft.objects.write(
        by=by,
        account=old.account,
        text=old.text,
        link=old.link,
        pictures=[(picture.image, picture.alt) for picture in old.framed()],
        via=via,
        title=f"Replaces publication {old.pk}",
        replaces=recovery,
    )
    draft.submit(by=by, via=via, note=f"Replaces publication {old.pk}, taken down: {recovery.reason}")
    return draft


def is_unchanged(draft: Draft) -> bool:
    """It replaces something, and still says and shows the same."""
    if draft.replaces is None:
        return False
    old = draft.replaces.publication
    return loosely(draft.text) == loosely(old.text) and shown(draft) == shown(old)


def shown(post: Draft | Publication) -> list[str]:
    return [picture.image_id for picture in post.pictures.all()]


@require_POST
@seen_with("approval.view_draft", people.SUBMIT)
def replace(request: Asked, pk: int) -> HttpResponse:
    recovery = get_object_or_404(Recovery.objects.visible_to(request.user), pk=pk)
    try:
        draft = replacement(recovery, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(recovery.publication)
    return redirect("approval:edit" if draft.state != Draft.State.APPROVED else "approval:draft", draft.pk)
