from django.db import models


class Notice(models.Model):
    """Something worth telling. Written in the transaction of the fact it tells, so neither exists without the other."""

    kind = models.CharField(max_length=50, db_index=True, help_text="One of kinds.py, such as publication.published.")
    sentence = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    client = models.ForeignKey(
        "publishing.Client", models.CASCADE, null=True, blank=True, related_name="+", help_text="Empty: about all."
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.sentence
