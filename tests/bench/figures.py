"""Numbers, as the JSON shows them."""

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RANKS = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}


def ranks(values: Sequence[float], digits: int = 3) -> dict[str, float]:
    """By the nearest rank."""
    ordered = sorted(values)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {name: round(ordered[min(int(len(ordered) * share), last)], digits) for name, share in RANKS.items()}


def per_second(moments: Sequence[float]) -> float:
    """The rate between the first and the last of sorted moments."""
    return round((len(moments) - 1) / (moments[-1] - moments[0]), 2) if len(moments) > 1 else 0.0
