"""The archive keeps everything: what is pointed to cannot be deleted, and nothing of ours tries."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import models
from django.db.models import ProtectedError
from django.utils import timezone

from approval.models import Decision, Draft
from publishing.models import Attempt, Publication, PublicationPicture, Recovery, Sighting
from tests import make

KEPT = [Draft, Decision, Publication, PublicationPicture, Attempt, Sighting, Recovery]
DELETES = {
    "approval/models.py": "the pictures of a draft that is edited, never those of a publication",
    "approval/batches/models.py": "uploaded files that nobody confirmed",
    "publishing/models/image.py": "images that no post ever used",
}


@pytest.fixture
def archived(page, author, operator):
    """Published, looked at, and taken down."""
    draft = make.draft(page, author, pictures=[(make.image(), "A teal square")])
    publication = make.published(draft, operator)
    make.behind_the_back(publication, watch_at=timezone.now())
    publication.watch()
    publication.recover(by=operator, reason="Wrong price").execute()
    publication.refresh_from_db()
    assert all(model.objects.exists() for model in KEPT)
    return publication


@pytest.mark.parametrize(
    "pointed_to",
    [
        lambda publication: publication,
        lambda publication: publication.draft,
        lambda publication: publication.pictures.get().image,
        lambda publication: publication.account,
        lambda publication: publication.account.client,
        lambda publication: publication.approved_by,
        lambda publication: publication.draft.author,
    ],
    ids=["publication", "draft", "image", "account", "client", "approver", "author"],
)
def test_what_the_archive_points_to_cannot_be_deleted(archived, pointed_to):
    with pytest.raises(ProtectedError):
        pointed_to(archived).delete()


@pytest.mark.parametrize("model", KEPT)
def test_no_row_of_the_archive_goes_with_another(model):
    pointers = [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    assert pointers
    assert {field.remote_field.on_delete for field in pointers} == {models.PROTECT}


def test_nothing_of_ours_deletes_from_the_archive():
    code = [path for app in ("publishing", "approval") for path in Path(settings.BASE_DIR, app).rglob("*.py")]
    own = [path for path in code if not {"sandbox", "platforms", "migrations"} & set(path.parts)]
    deleting = {
        str(path.relative_to(settings.BASE_DIR))
        for path in own
        if ".delete(" in path.read_text() or "_raw_delete" in path.read_text() or "unlink(" in path.read_text()
    }
    assert deleting == set(DELETES)


def test_what_was_taken_down_keeps_its_text_images_and_evidence(archived):
    [picture] = archived.pictures.all()
    assert archived.text == "Fresh bread at seven."
    assert picture.bytes_if_intact()
    assert archived.recoveries.get().evidence
    assert archived.sightings.get().calls
    assert archived.decisions.exists()
