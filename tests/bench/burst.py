"""Many accounts due in the same second, on a platform where every call takes 300 ms."""

from typing import Any

from tests.bench import lateness


def measure(server: str, accounts: int, workers: int) -> dict[str, Any]:
    found: dict[str, Any] = lateness.leg(server, accounts, 0, workers, delay=300, per_account=1)
    return {"milliseconds_per_call": 300, **found}
