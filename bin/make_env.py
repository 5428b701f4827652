"""Writes .env with fresh keys, readable by its owner only. Never touches one that is there."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

ENV = Path(__file__).resolve().parent.parent / ".env"
LINES = f"""\
# Written once by bin/setup. .env.example explains every setting.
DEBUG=1
SECRET_KEY={secrets.token_urlsafe(50)}
FIELD_ENCRYPTION_KEY={Fernet.generate_key().decode()}
SOPHIA_SANDBOX=1
"""

descriptor = os.open(ENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
with os.fdopen(descriptor, "w") as file:
    file.write(LINES)
print("Wrote .env with fresh keys.")
