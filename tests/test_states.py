"""The diagrams in the README are drawn from the code."""

import re
from pathlib import Path

import pytest

from approval.models import Draft
from publishing.models import Publication, Recovery

README = Path(__file__).parent.parent / "README.md"
ARROW = re.compile(r"^\s*(\w+) --> (\w+): (.+)$", re.M)


def arrows_in_code(model) -> set[tuple[str, str, str]]:
    field = model._meta.get_field("state")
    return {
        (str(step.source), str(target), step.name.replace("_", " "))
        for step in field.get_all_transitions(model)
        for target in getattr(step.target, "allowed_states", [step.target])
    }


def arrows_in_readme(title: str) -> set[tuple[str, str, str]]:
    diagram = README.read_text().split(f"### {title}\n")[1].split("```mermaid\n")[1].split("```")[0]
    return {
        (source, target, verb.strip())
        for source, target, verbs in ARROW.findall(diagram)
        for verb in verbs.split(" or ")
    }


@pytest.mark.parametrize("model", [Draft, Publication, Recovery])
def test_the_diagram_shows_every_transition_and_no_other(model):
    assert arrows_in_readme(model.__name__) == arrows_in_code(model)
