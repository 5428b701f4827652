"""What people at the client do themselves, by phone, past every app."""

import io
from datetime import timedelta

from django.db import transaction
from PIL import Image

from publishing.sandbox import ids
from publishing.sandbox.images import Facts, keep, measure
from publishing.sandbox.models import Account, Picture, Post, now


@transaction.atomic
def post(account: Account, text: str, images: int = 0, offset_seconds: float = 0) -> Post:
    """Public since that many seconds from now: a moment ago, or in a moment."""
    locked = Account.objects.select_for_update().get(pk=account.pk)
    moment = now() + timedelta(seconds=offset_seconds)
    graph_id = ids.page_post(locked) if account.platform == "facebook" else ids.media()
    made = Post.objects.create(account=locked, graph_id=graph_id, text=text, created_at=moment, published_at=moment)
    for place in range(images):
        Picture.objects.create(
            account=locked, post=made, position=place, graph_id=ids.photo(), created_at=moment, **snapshot().columns
        )
    return made


def snapshot() -> Facts:
    out = io.BytesIO()
    Image.new("RGB", (400, 400), "sienna").save(out, "JPEG")
    facts = measure(out.getvalue())
    assert facts
    keep(out.getvalue(), facts)
    return facts
