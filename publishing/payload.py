"""Exactly what the platform is asked for when a publication goes out."""

import dataclasses

from publishing import platforms
from publishing.models import Publication, SocialAccount
from publishing.models.states import Mode
from publishing.platforms.base import Content, Credentials, PlatformError, Sent

MCP = SocialAccount.Through.MCP


def of(publication: Publication) -> tuple[Sent, ...]:
    """Nothing for what a person posts, for what cannot be sent, and for a platform that does not tell."""
    if publication.mode == Mode.MANUAL:
        return ()
    account, way = publication.account, way_of(publication)
    ours = Credentials(account.external_id, "", direct=way == "direct")
    try:
        return platforms.reach(account.platform, ours, MCP if way == MCP else "").rehearse(to_be_shown(publication))
    except PlatformError:
        return ()


def way_of(publication: Publication) -> str:
    """As its last attempt went; before the first, as its account goes now."""
    ways = publication.attempts.exclude(way="").order_by("-started_at").values_list("way", flat=True)[:1]
    account = publication.account
    return ways[0] if ways else account.through or ("direct" if account.direct_since else "")


def to_be_shown(publication: Publication) -> Content:
    """Without the bytes of its images, nor the addresses where the platform fetches them: those are signed."""
    content = publication.outline()
    images = (dataclasses.replace(image, url=f"<signed address of {image.sha256}>") for image in content.images)
    return dataclasses.replace(content, images=tuple(images))
