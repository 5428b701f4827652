"""What people read is plain English. Words that were reported as hard to read do not come back."""

import html
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.documents import parsers
from tests.documents.blocks import DOCUMENTS, prose
from tests.documents.hints import sentences

ROOT = Path(settings.BASE_DIR)
HARD = {
    r"\b[Ss]hall\b": "will, should or may",
    r"\b[Mm]end(s|ed|ing)?\b": "correct, repair or solve",
    r"\bstands? (?!in for\b)(here|there|beside|with|in|under|as|above|below|on)\b": "is, is listed or is shown",
    r"\b(for|to|only) who\b|(^|[.:;,] )Who (knows|reads|writes|sends|comes|likes|has|gave)\b": "whoever",
    r"\bto be there\b|\bday to come\b": "should be there, in the future",
    r"\bsigns or more\b": "characters",
    r"\bmay it stay so\b|\bits second comes\b|\bgets too late\b|\bcame that it wants\b": "what happens",
    r"\bbeside the digest\b": "before the digest",
}
DESCRIBED = "sophia/demo"
"""Its sentences are posts and alt texts of other people."""


def read_by_people():
    for document in [*DOCUMENTS, "CHANGELOG.md", ".env.example"]:
        yield document, " ".join(prose(document).split())
    for path in sorted((ROOT / "templates").rglob("*.html")):
        words = re.sub(r"{[%{#].*?[%}#]}|{% comment %}.*?{% endcomment %}", "", path.read_text())
        yield str(path.relative_to(ROOT)), html.unescape(re.sub(r"<[^>]+>", " ", words))
    for app in parsers.OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            where = str(path.relative_to(ROOT))
            if "migrations" not in path.parts and not where.startswith(DESCRIBED):
                yield where, "\n".join(sentence for sentence in sentences(path) if " " in sentence)


@pytest.mark.parametrize("hard", HARD, ids=HARD.values())
def test_nothing_that_people_read_is_hard_to_read(hard):
    found = [
        f"{where}: …{words[max(0, match.start() - 60) : match.end() + 60]}…"
        for where, words in read_by_people()
        for match in re.finditer(hard, words)
    ]
    assert found == [], f"Say: {HARD[hard]}"


def test_pages_documents_settings_and_sentences_are_read():
    read = dict(read_by_people())
    assert {"README.md", ".env.example", "templates/home.html", "publishing/gates.py"} < set(read)
    assert "Nothing is queued" in read["templates/home.html"]
    assert "Send it again only if" in read["publishing/gates.py"]
