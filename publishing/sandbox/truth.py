"""Everything as it is, whatever the knobs let others see. For judges."""

from typing import Any

from django.http import HttpRequest

from publishing.sandbox.control import Answer, control
from publishing.sandbox.models import Container, Picture, Post


@control("GET")
def truth(request: HttpRequest, body: Answer) -> Answer:
    Post.objects.bring_back()
    posts = Post.objects.select_related("account").prefetch_related("pictures").order_by("pk")
    photos = Picture.objects.filter(account__platform="facebook").select_related("account", "post").order_by("pk")
    return {
        "posts": [post_as_json(request, post) for post in posts],
        "photos": [photo_as_json(photo) for photo in photos],
        "containers": [container_as_json(row) for row in Container.objects.select_related("account").order_by("pk")],
    }


def post_as_json(request: HttpRequest, post: Post) -> dict[str, Any]:
    """`times_published`: each post here is one that appeared once, or never. `returned`: it came back by itself."""
    appeared = post.published_at is not None and not post.is_scheduled
    return {
        "account": post.account.external_id,
        "id": post.graph_id,
        "text": post.text,
        "images": len(post.pictures.all()),
        "public": post.is_public,
        "deleted": post.deleted_at is not None,
        "foreign": post.is_foreign,
        "by_app": post.app_id,
        "published_at": post.published_at and post.published_at.isoformat(),
        "times_published": int(appeared),
        "returned": post.has_returned,
        "permalink": request.build_absolute_uri(post.get_absolute_url()),
    }


def photo_as_json(photo: Picture) -> dict[str, Any]:
    """`used`: a post shows it, or will. `answered`: whoever uploaded it was told its id."""
    facts = {"account": photo.account.external_id, "id": photo.graph_id, "used": photo.post_id is not None}
    gone = not photo.is_there
    return {**facts, "deleted": gone, "answered": photo.answered, "made_at": photo.created_at.isoformat()}


def container_as_json(container: Container) -> dict[str, Any]:
    facts = {"account": container.account.external_id, "id": container.graph_id, "kind": container.kind}
    return {**facts, "text": container.caption, "published": container.published_at is not None}
