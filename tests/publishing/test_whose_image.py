"""Who may use an image, how many they may bring, and how long one is kept that nobody uses."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from approval.agents.writing import Given
from approval.batches.models import Batch
from approval.importing import Importer
from approval.models import Draft
from approval.shelves import Folder
from publishing import images
from publishing.models import Image, Upload
from sophia import media, retention
from sophia.refusals import NotAcceptable, NotAllowed, Refused
from tests import make

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=2)


@pytest.fixture
def theirs(page, author):
    """In a post of another client."""
    image = make.image("red")
    make.draft(page, author, pictures=[(image, "")])
    return image


@pytest.fixture
def bakery():
    return make.account("facebook", "2002", client="Pão")


@pytest.fixture
def member(bakery):
    return make.member(make.person("mia", "author"), bakery.client)


def brought(by, color="gold", token=None):
    return images.store(make.jpeg(color=color), "a.jpg", by=by, token=token)


def test_the_page_takes_no_image_of_another_client(signed_in, member, bakery, theirs):
    typed = {"account": bakery.pk, "text": "x", "picture": [theirs.sha256], "alt": [""], "position": ["1"]}
    answer = signed_in(member).post(reverse("approval:new"), typed)
    assert answer.status_code == 422
    assert signed_in(member).get(f"/images/{theirs.sha256}").status_code == 404
    assert Draft.objects.count() == 1


def test_the_page_takes_what_was_brought_to_it(signed_in, member, bakery):
    row = signed_in(member).post(reverse("approval:upload"), {"image": SimpleUploadedFile("a.jpg", make.jpeg())})
    assert row.status_code == 200
    typed = {"account": bakery.pk, "text": "x", "picture": [make.image().sha256], "alt": [""], "position": ["1"]}
    assert signed_in(member).post(reverse("approval:new"), typed).status_code == 302


def test_the_draft_itself_asks_again(member, bakery, theirs):
    with pytest.raises(NotAllowed, match="not yours to use"):
        make.draft(bakery, member, pictures=[(theirs, "")])
    draft = make.draft(bakery, member)
    with pytest.raises(NotAllowed):
        draft.edit(by=member, text="x", link="", pictures=[(theirs, "")], digest=draft.digest())


def asked(secret, method, path, body):
    browser = Browser(headers={"authorization": f"Bearer {secret}"})
    return browser.generic(method, path, json.dumps(body), content_type="application/json")


def test_the_api_takes_what_its_token_brought_and_nothing_of_another_client(operator, bakery, page, theirs):
    token, secret = make.token(operator, clients=[bakery.client])
    other, _ = make.token(operator, clients=[page.client])
    own, foreign = brought(operator, token=token), brought(operator, "blue", token=other)
    wish = {"account": bakery.label, "text": "x"}
    for image, status in ((theirs, 422), (foreign, 422), (own, 201)):
        made = asked(secret, "POST", "/api/v1/drafts", wish | {"images": [{"sha256": image.sha256}]})
        assert made.status_code == status, made.text
    draft = Draft.objects.latest("pk")
    change = {"digest": draft.digest(), "images": [{"sha256": theirs.sha256}]}
    assert asked(secret, "PATCH", f"/api/v1/drafts/{draft.pk}", change).status_code == 422


def test_an_agent_names_no_image_of_another_client(operator, bakery, theirs):
    token, _ = make.token(operator, clients=[bakery.client])
    shelf = Given().of(operator, token)
    with pytest.raises(Refused, match="Sophia has no image"):
        shelf.image(theirs.sha256)
    assert shelf.image(brought(operator, token=token).sha256)


def test_an_import_uses_what_came_with_it(member, theirs):
    upload = {"a.jpg": theirs, "b.jpg": brought(member)}
    batch = Batch.objects.keep(by=member, name="x", content=b"x", pictures=upload, refused={}, submit=False)
    assert set(batch.images()) == {"b.jpg"}


def test_who_works_for_all_may_use_all(operator, theirs):
    assert Image.objects.usable_by(operator).contains(theirs)


def test_what_was_taken_out_of_a_post_is_still_shown_to_those_who_work_for_its_client(member, bakery):
    draft = make.draft(bakery, None, pictures=[(make.image(), "")])
    draft.edit(by=member, text="x", link="", pictures=[], digest=draft.digest())
    assert Image.objects.usable_by(member).contains(make.image())


# Files of an import


@pytest.fixture
def folder(tmp_path):
    inside, outside = tmp_path / "drafts", tmp_path / "secret.jpg"
    inside.mkdir()
    outside.write_bytes(make.jpeg())
    (inside / "loaf.jpg").write_bytes(make.jpeg(color="gold"))
    (inside / "again.jpg").symlink_to(inside / "loaf.jpg")
    (inside / "link.jpg").symlink_to(outside)
    (inside / "up").symlink_to(tmp_path)
    return inside


@pytest.mark.parametrize("name", ["../secret.jpg", "link.jpg", "up/secret.jpg", "{outside}", "./../secret.jpg"])
def test_a_shelf_gives_nothing_from_outside_its_folder(folder, name):
    with pytest.raises(Refused, match="outside the folder"):
        Folder(folder).image(name.format(outside=folder.parent / "secret.jpg"))
    assert not Image.objects.exists()


def test_and_says_the_same_whether_it_is_there_or_not(folder):
    with pytest.raises(Refused, match="outside the folder"):
        Folder(folder).image("../nothing.jpg")


@pytest.mark.parametrize("name", ["loaf.jpg", "again.jpg", "./loaf.jpg"])
def test_a_shelf_gives_what_lies_in_it(folder, name):
    assert Folder(folder).image(name).width == 800


def test_the_importer_names_its_author_as_who_brought_them(folder, member, bakery):
    wish = {"account": bakery.label, "text": "x", "images": ["loaf.jpg"]}
    Importer(Folder(folder, member), member, submit=False).keep(SimpleNamespace(number=1, read=lambda: wish))
    assert Upload.objects.get().by == member


# What nobody uses


def test_what_nobody_used_goes_after_a_day_with_its_file(clock, author):
    image = brought(author)
    clock.tick(timedelta(hours=23))
    assert retention.prune()["loose images"] == 0
    clock.tick(timedelta(hours=2))
    assert retention.prune()["loose images"] == 1
    assert not image.path.exists()
    assert not Upload.objects.exists()


def test_what_is_or_was_in_a_post_stays(clock, page, author):
    kept, was = make.image("gold"), make.image("red")
    draft = make.draft(page, author, pictures=[(kept, ""), (was, "")])
    draft.edit(by=author, text="x", link="", pictures=[(kept, "")], digest=draft.digest())
    clock.tick(DAYS)
    assert retention.prune()["loose images"] == 0
    assert was.path.exists()


def test_what_was_there_before_anybody_noted_it_stays(clock):
    Image.objects.filter(pk=make.image().pk).update(brought_at=None)
    clock.tick(DAYS)
    assert retention.prune()["loose images"] == 0


@pytest.mark.parametrize("meanwhile", ["brought", "used"])
def test_what_is_wanted_at_the_last_moment_stays(clock, page, author, meanwhile):
    image = make.image()
    clock.tick(DAYS)
    assert Image.objects.left(timezone.now()).exists()
    if meanwhile == "used":
        make.draft(page, author, pictures=[(image, "")])
    else:
        make.image()
    assert not image.let_go(timezone.now())
    assert image.path.exists()


def test_a_file_that_another_desk_may_need_stays(clock, settings):
    image = make.image()
    marks = settings.MEDIA_ROOT / media.MARKS
    marks.mkdir()
    for name in ("ours", "theirs"):
        (marks / name).touch()
    clock.tick(DAYS)
    assert retention.prune()["loose images"] == 1
    assert image.path.exists()


def test_a_person_brings_so_much_in_a_day(clock, settings, author):
    settings.SOPHIA_UPLOADS_PER_DAY = 1
    first = brought(author)
    Image.objects.filter(pk=first.pk).update(size=990_000)
    with pytest.raises(NotAcceptable, match="Sophia takes 1 MB from one person"):
        images.store(make.jpeg(2000, 2000), "b.jpg", by=author)
    clock.tick(timedelta(days=1, seconds=1))
    assert images.store(make.jpeg(2000, 2000), "b.jpg", by=author)


def test_with_little_room_on_the_disk_no_image_is_taken(settings, db):
    settings.SOPHIA_DISK_LOW = 10**9
    with pytest.raises(NotAcceptable, match="The disk is almost full"):
        make.image()
