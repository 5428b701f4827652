"""Secrets in the database, encrypted anew with the first of FIELD_ENCRYPTION_KEY."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction
from encrypted_model_fields.fields import EncryptedMixin

CIPHERTEXT = "gAAAA"
"""How a value begins that none of today's keys decrypts: the field then gives what is stored, without an error."""


def encrypt_again() -> tuple[int, list[str]]:
    """Returns how many rows were encrypted, and a sentence for each that no key decrypts: those stay as they are."""
    done, refused = 0, []
    for model, names in secret_fields():
        for pk in list(model._base_manager.values_list("pk", flat=True)):
            if encrypt_row(model, pk, names):
                done += 1
            else:
                refused.append(f"{model._meta.label} {pk} cannot be decrypted: FIELD_ENCRYPTION_KEY lacks its key.")
    return done, refused


def strangers() -> bool:
    """Whether there are secrets, and the latest of each kind opens with none of today's keys."""
    latest = [
        getattr(row, name) or ""
        for model, names in secret_fields()
        for row in model._base_manager.order_by("-pk")[:1]
        for name in names
    ]
    return any(value.startswith(CIPHERTEXT) for value in latest)


def secret_fields() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields if isinstance(field, EncryptedMixin)]
        if names:
            yield model, names


def encrypt_row(model: type[models.Model], pk: object, names: list[str]) -> bool:
    """Whether it could be decrypted. A row that is gone by now is as good as encrypted."""
    with transaction.atomic():
        row = model._base_manager.select_for_update().filter(pk=pk).first()
        if row is None:
            return True
        if any(str(getattr(row, name) or "").startswith(CIPHERTEXT) for name in names):
            return False
        row.save(update_fields=names)
    return True
