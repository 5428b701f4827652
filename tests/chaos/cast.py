"""The accounts of the play: (platform, id, way of publishing)."""

ACCOUNTS = [
    ("facebook", "1001", "two_step"),
    ("facebook", "1002", "two_step"),
    ("facebook", "1003", "direct"),
    ("instagram", "17841400000000001", "two_step"),
    ("instagram", "17841400000000002", "two_step"),
]


def token(external_id: str) -> str:
    return f"token-of-{external_id}"
