import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.pages.conftest import queries_of  # noqa: F401

TABLE = (
    b"ref,account,text,images,alt\n"
    b"a-1,facebook:1001,Fresh bread.,loaf.jpg,A loaf\n"
    b"a-2,facebook:9,Rolls.,,\n"
    b",facebook:1001,Buns.,,\n"
)


@pytest.fixture
def desk(signed_in, author):
    """The browser of an author, who may import."""
    return signed_in(author)


@pytest.fixture
def upload():
    """Uploads a file in a browser, with images by their names. The answer leads to the preview."""

    def send(browser, content=TABLE, name="drafts.csv", images=(), **typed):
        files = [SimpleUploadedFile(image, data, "image/jpeg") for image, data in images]
        return browser.post(
            "/review/import/", {"sheet": SimpleUploadedFile(name, content), "images": files} | typed, follow=True
        )

    return send
