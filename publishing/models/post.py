"""The content for one account: what a person judges, and what the platform receives. The two are compared by digest."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse

from publishing import limits
from publishing.models.account import SocialAccount
from publishing.models.image import Image
from publishing.platforms import base
from sophia.refusals import NotAcceptable

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

OUTBOUND = "publishing.outbound"
"""The salt under which image addresses are signed."""
CHECK = "publishing.outbound.check"
"""The salt of those that Sophia itself asks, to see whether they can be reached."""


class Post(models.Model):
    account = models.ForeignKey(SocialAccount, models.PROTECT, related_name="%(class)ss")
    text = models.TextField(blank=True)
    link = models.URLField(max_length=2000, blank=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def pictures(self) -> "RelatedManager[Picture]": ...

    @property
    def client_id(self) -> int:
        """Of the client whose post it is."""
        return self.account.client_id

    def framed(self) -> list[Any]:
        """Its pictures with their images, in order. Read once, and again after `lock` or `refresh_from_db`."""
        models.prefetch_related_objects([self], "pictures__image")
        return list(self.pictures.all())

    def manifest(self) -> dict[str, Any]:
        """Everything the platform will receive: account, text, link, and for each image its hash and alt text."""
        return {
            "account": self.account.label,
            "text": self.text,
            "link": self.link,
            "images": [{"sha256": picture.image_id, "alt": picture.alt} for picture in self.pictures.all()],
        }

    def digest(self) -> str:
        """SHA-256, in hex, of the manifest as JSON in UTF-8 with sorted keys and no spaces."""
        return digest_of(self.manifest())

    def outline(self) -> base.Content:
        """The content without the bytes of its images: enough to recognise it on a platform."""
        return base.Content(self.text, self.link, tuple(picture.outline() for picture in self.framed()))

    def problems(self) -> list[str]:
        """Why the platform would refuse this, as sentences. Empty when it would not."""
        images, alts = [picture.image for picture in self.framed()], [picture.alt for picture in self.framed()]
        return limits.problems(self.account, self.outline(), images, alts)

    def require_acceptable(self) -> None:
        if problems := self.problems():
            raise NotAcceptable(" ".join(problems))


class Picture(models.Model):
    """One image of a post, at its place, with its alt text."""

    position = models.PositiveSmallIntegerField()
    image = models.ForeignKey(Image, models.PROTECT, related_name="+")
    alt = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["position"]

    def outline(self) -> base.Image:
        return base.Image(self.image_id, self.image.mime, self.alt, b"")


def digest_of(manifest: dict[str, Any]) -> str:
    canonical = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def public_address(publication_id: int, image: Image) -> str:
    """Where the platform fetches this image: unguessable, and answered only while the publication is on its way."""
    return address("publishing:outbound", OUTBOUND, publication_id, image)


def check_address(publication_id: int, image: Image) -> str:
    """The same for a look ahead: answered for a few minutes, while the publication waits."""
    return address("publishing:outbound_check", CHECK, publication_id, image)


def address(place: str, salt: str, publication_id: int, image: Image) -> str:
    ticket = signing.dumps([publication_id, image.sha256], salt=salt)
    return settings.SOPHIA_PUBLIC_URL + reverse(place, args=[f"{ticket}.{image.extension}"])
