from datetime import timedelta

from django.db import migrations
from django.utils import timezone

LATELY = timedelta(days=30)
"""How long ago it may have been published for people to be asked still which post it is."""


def tell_how_it_is_known(apps, schema_editor):
    """Until now a post that read the same was taken for ours. What the platform answered is known by that; what a
    person posted by hand, by them."""
    Publication = apps.get_model("publishing", "Publication")
    named = Publication.objects.exclude(post_id="")
    answered = named.filter(attempts__outcome="published").values("pk")
    named.filter(pk__in=answered).update(known_by="answer")
    named.filter(known_by="", mode="manual").update(known_by="person")
    for row in named.filter(known_by="").select_related("account").iterator():
        row.known_by = "reference" if was_prepared_as(row) else "likeness"
        row.save(update_fields=["known_by"])
        if row.known_by == "likeness":
            offer(apps, row)


def was_prepared_as(row):
    """Its id stood in what was prepared, before it was public."""
    return bool(row.reference) and row.reference.get("post_id") == row.post_id


def offer(apps, row):
    """For a person, who says whether it is ours."""
    facts = {"permalink": row.permalink, "message": row.text, "made_at": row.published_at}
    apps.get_model("publishing", "Candidate").objects.create(publication=row, post_id=row.post_id, **facts)


def ask_which(apps, schema_editor):
    now = timezone.now()
    rows = apps.get_model("publishing", "Publication").objects.filter(state="published", post_id="")
    Identification = apps.get_model("publishing", "Identification")
    for row in rows.filter(published_at__gt=now - LATELY).iterator():
        Identification.objects.create(publication=row, opened_at=now, next_at=now)


class Migration(migrations.Migration):
    """By itself: PostgreSQL does not change rows of a table that the same transaction has altered."""

    dependencies = [("publishing", "0018_whose_post")]
    operations = [
        migrations.RunPython(tell_how_it_is_known, migrations.RunPython.noop),
        migrations.RunPython(ask_which, migrations.RunPython.noop),
    ]
