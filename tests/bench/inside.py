"""Runs inside the desk that is measured."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from approval.models import Draft
from publishing.models import Client, Publication, SocialAccount
from publishing.sandbox.models import Page, Post


def approve(posts: int, per_second: float, lead: float) -> None:
    """Approve text posts for one Page, due one after the other, the first `lead` seconds from now."""
    person = User.objects.create_user("bench")
    person.groups.add(Group.objects.get(name="operator"))
    Page.objects.open("1001", "Bench", token="bench")
    account = SocialAccount(client=Client(name="Bench"), platform="facebook", external_id="1001")
    account.connect(token="bench")
    drafts = [Draft.objects.write(by=person, account=account, text=f"Post {number}") for number in range(posts)]
    first = timezone.now() + timedelta(seconds=lead)
    for number, draft in enumerate(drafts):
        draft.submit(by=person)
        draft.approve(by=person, digest=draft.digest(), at=first + timedelta(seconds=number / per_second))


def unsettled() -> int:
    return Publication.objects.waiting().count() + Publication.objects.on_its_way().count()


def outcome() -> dict[str, Any]:
    """Seconds from `publish_at` to the moment the sandbox made the post public, and what went wrong."""
    public = dict(Post.objects.public().values_list("graph_id", "published_at"))
    live = Publication.objects.live().filter(post_id__in=public)
    late = [(public[row.post_id] - row.publish_at).total_seconds() for row in live]
    return {"late": sorted(late), "public": Post.objects.public().count(), "approved": Publication.objects.count()}
