"""The images of a publication, as they were approved."""

import hashlib

from django.db import models

from publishing.models.post import Picture
from sophia.membership import Visible


class PublicationPictureQuerySet(Visible["PublicationPicture"]):
    whose = "publication__account__client"


class PublicationPicture(Picture):
    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="pictures")

    objects = PublicationPictureQuerySet.as_manager()

    def bytes_if_intact(self) -> bytes | None:
        """The bytes on disk, unless they are gone or are no longer those that were approved."""
        try:
            data = self.image.read()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == self.image_id else None
