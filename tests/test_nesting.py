import pytest

from sophia.nesting import deeper_than


@pytest.mark.parametrize(
    "body", [b"", b"[[]]", b'{"a": []}', b'{"a": "[[[["}', b'{"a": "\\"[[["}', b"[[], [], {}]", b'"[[[']
)
def test_two_levels_are_not_deeper_than_two(body):
    assert not deeper_than(2, body)


@pytest.mark.parametrize("body", [b"[[[", b'{"a": [{}]}', b'["\\"", [[]]]', b'{"a]]": [[]]}', b"[" * 100_000])
def test_three_levels_are(body):
    assert deeper_than(2, body)
