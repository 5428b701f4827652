"""How deeply JSON is nested, known before it is parsed.

A finalizer that happens to run inside a parser at the recursion limit fails, whoever's it is.
"""

import re

BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""Strings whole, so that a bracket in a text is no nesting. Never backtracks."""
STEPS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def deeper_than(levels: int, body: bytes) -> bool:
    depth = 0
    for token in BRACKETS.finditer(body):
        depth += STEPS.get(token[0], 0)
        if depth > levels:
            return True
    return False
