import io

import pytest
from PIL import Image

from sophia.demo.content import BUSINESSES
from sophia.demo.pictures import PICTURES, jpeg

SIZES = {(1080, 1080), (1080, 1350), (1200, 900)}


@pytest.mark.parametrize("name", ["tarts", "wattle"])
def test_a_picture_is_the_same_every_time(finished, name):
    assert jpeg(name) == finished(name)


def test_pictures_have_the_sizes_that_people_post(finished):
    for name in PICTURES:
        with Image.open(io.BytesIO(finished(name))) as picture:
            assert (picture.format, picture.size in SIZES) == ("JPEG", True)


def test_no_two_pictures_are_the_same(finished):
    assert len({finished(name) for name in PICTURES}) == len(PICTURES)


def test_every_picture_is_shown_by_some_draft():
    shown = {name for business in BUSINESSES for wish in business.wishes for name in wish.pictures}
    assert shown == set(PICTURES)
