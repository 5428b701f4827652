"""The images of a draft."""

from django.db import models

from publishing.models import Picture
from sophia.membership import Visible


class DraftPictureQuerySet(Visible["DraftPicture"]):
    whose = "draft__account__client"


class DraftPicture(Picture):
    draft = models.ForeignKey("approval.Draft", models.CASCADE, related_name="pictures")

    objects = DraftPictureQuerySet.as_manager()
