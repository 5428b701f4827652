"""Whether a link that a person copied leads to a post, by the address that the platform gives it."""

import pytest

from publishing.platforms.meta import is_address_of

STORY = "https://www.facebook.com/permalink.php?story_fbid=111&id=1001"
WALL = "http://127.0.0.1:8000/wall/instagram/178/#post-17950047493932751"


@pytest.mark.parametrize(
    ("own", "link"),
    [
        ("https://www.instagram.com/p/Cabc/", "https://instagram.com/p/Cabc?igsh=x"),
        ("https://www.facebook.com/1001/posts/111", "https://m.facebook.com/1001/posts/111/?mibextid=x#comments"),
        (STORY, "https://m.facebook.com/permalink.php?id=1001&story_fbid=111&mibextid=x"),
        (WALL, WALL),
    ],
)
def test_the_same_post_with_trackers_behind_it(own, link):
    assert is_address_of(own, link)


@pytest.mark.parametrize(
    ("own", "link"),
    [
        (STORY, "https://www.facebook.com/permalink.php?story_fbid=222&id=1001"),
        (STORY, "https://www.facebook.com/permalink.php"),
        ("https://www.facebook.com/photo.php?fbid=111", "https://www.facebook.com/photo.php?fbid=1112"),
        (WALL, "http://127.0.0.1:8000/wall/instagram/178/#post-17982664052566674"),
        (WALL, "http://127.0.0.1:8000/wall/instagram/178/"),
        ("https://www.instagram.com/p/Cabc/", "https://www.instagram.com/p/Cabcd/"),
        ("https://www.instagram.com/p/Cabc/", "https://instagram.example.com/p/Cabc/"),
        ("", "https://www.instagram.com/p/Cabc/"),
        ("", ""),
    ],
)
def test_another_post_at_the_same_path(own, link):
    assert not is_address_of(own, link)
