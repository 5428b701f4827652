"""How two texts differ, in a time that no text can lengthen.

The difference is kept as cuts: `[kind, length]`, of which the texts give the words. To draw them costs nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

Cut = list[str | int]
"""`same`, `old` or `new`, and how many characters."""
SAME, OLD, NEW = "same", "old", "new"
WORDS = re.compile(r"\s+|[^\s]+")
LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST = 200_000
"""Pairs of pieces that are compared: some hundredths of a second. Changed words among 400 of each text, for example."""


def cuts_of(was: str, now: str) -> list[Cut]:
    """By word; where that is too much by line; else the one whole and the other whole."""
    for pieces in (WORDS, LINES):
        before, after = pieces.findall(was), pieces.findall(now)
        begins = alike(before, after)
        ends = alike(before[begins:][::-1], after[begins:][::-1])
        old, new = before[begins : len(before) - ends], after[begins : len(after) - ends]
        if len(old) * len(new) <= MOST:
            same = (SAME, "".join(before[:begins])), (SAME, "".join(before[len(before) - ends :]))
            return joined([same[0], *compared(old, new), same[1]])
    return joined([(OLD, was), (NEW, now)])


def alike(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pieces both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Along the longest sequence that both share."""
    longest = table(old, new)
    x = y = 0
    while x < len(old) or y < len(new):
        if x < len(old) and y < len(new) and old[x] == new[y]:
            yield SAME, old[x]
            x, y = x + 1, y + 1
        elif y == len(new) or (x < len(old) and longest[x + 1][y] >= longest[x][y + 1]):
            yield OLD, old[x]
            x += 1
        else:
            yield NEW, new[y]
            y += 1


def table(old: Sequence[str], new: Sequence[str]) -> list[list[int]]:
    """How much the rest of each shares: `[x][y]` of what follows `old[x:]` and `new[y:]`."""
    rows = [[0] * (len(new) + 1)]
    for piece in reversed(old):
        below, row = rows[-1], [0] * (len(new) + 1)
        for y in range(len(new) - 1, -1, -1):
            row[y] = below[y + 1] + 1 if piece == new[y] else max(below[y], row[y + 1])
        rows.append(row)
    return rows[::-1]


def joined(pieces: Sequence[tuple[str, str]]) -> list[Cut]:
    """Between two stretches that stayed, all that went and then all that came."""
    cuts: list[Cut] = []
    gone = come = 0
    for kind, words in [*pieces, (SAME, "")]:
        if kind == OLD:
            gone += len(words)
        elif kind == NEW:
            come += len(words)
        else:
            lengths = ((OLD, gone), (NEW, come), (SAME, len(words)))
            cuts += [[kind, length] for kind, length in lengths if length]
            gone = come = 0
    return merged(cuts)


def merged(cuts: list[Cut]) -> list[Cut]:
    found: list[Cut] = []
    for kind, length in cuts:
        if found and found[-1][0] == kind:
            found[-1] = [kind, int(found[-1][1]) + int(length)]
        else:
            found.append([kind, length])
    return found


def pieces(was: str, now: str, cuts: Sequence[Cut]) -> Iterator[tuple[str, str]]:
    """The texts along the cuts: (same | old | new, words)."""
    x = y = 0
    for kind, size in cuts:
        length = int(size)
        yield str(kind), now[y : y + length] if kind == NEW else was[x : x + length]
        x += 0 if kind == NEW else length
        y += 0 if kind == OLD else length
