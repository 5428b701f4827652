import pytest

from tests.mutations.listed import everything


@pytest.mark.parametrize("mutation", everything(), ids=lambda mutation: f"{mutation.path}: {mutation.before[:40]}")
def test_a_guard_that_a_mutation_takes_away_is_there(mutation):
    assert mutation.applied() != mutation.before
    assert mutation.tests.split()
