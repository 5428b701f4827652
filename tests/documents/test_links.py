"""What a document, a page or a sentence leads to is there."""

import re

import pytest

from tests.documents.blocks import DOCUMENTS, ROOT, prose, read
from tests.documents.test_words import read_by_people

LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
NAMED = re.compile(r"(?<![\w/.])((?:docs|bin|deploy|tests|sophia|publishing|approval|templates)/[\w@./-]*\w)")


def anchors(document):
    """As the pages that show them make them of headings."""
    headings = HEADING.findall(prose(document))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", [*DOCUMENTS, "CHANGELOG.md"])
def test_every_link_of_a_document_leads_somewhere(document):
    for target, anchor in LINK.findall(read(document)):
        path = (ROOT / document).parent / target if target else ROOT / document
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(str(path.resolve().relative_to(ROOT))), f"{target}#{anchor}"


def test_every_file_that_people_are_sent_to_is_there():
    missing = [
        f"{where}: {name}"
        for where, words in read_by_people()
        for name in set(NAMED.findall(words))
        if not any(ROOT.glob(name))
    ]
    assert missing == []


def test_every_setting_that_a_document_names_is_one():
    known = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", read(".env.example"), re.MULTILINE))
    known.add("SOPHIA_PLATFORMS")  # In sophia/settings.py alone: docs/adding-a-platform.md says so.
    for document in [*DOCUMENTS, "CHANGELOG.md"]:
        assert set(re.findall(r"\bSOPHIA_[A-Z_]*[A-Z]\b", read(document))) <= known, document
