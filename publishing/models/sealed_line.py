"""What the lines of a publication's history and of a client's have in common."""

from django.db import models

from publishing import seal


class SealedLine(models.Model):
    """It names the line before by its digest, and nobody without the key writes one."""

    number = models.PositiveIntegerField()
    before = models.CharField(max_length=64, blank=True, help_text="Digest of the line before.")
    seal = models.CharField(max_length=100)

    class Meta:
        abstract = True

    def statement(self) -> str:
        raise NotImplementedError

    def digest(self) -> str:
        """No key is needed for it, and another key changes nothing: what was handed out stays comparable."""
        return seal.digest(self.statement())

    def renew_seal(self) -> None:
        self.seal = seal.make(self.statement())

    @property
    def holds(self) -> bool:
        return seal.fits(self.seal, self.statement())
