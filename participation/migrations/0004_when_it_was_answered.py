"""A message is answered no sooner than it was sent; and no page it is about is a signed link."""

from django.db import migrations, models
from django.db.models import F

BEHIND_SIGNED_LINKS = "/updates/email/"


def close_no_sooner_than_sent(apps, schema_editor):
    """An older card may have been made its answer: then its words would go too soon."""
    feedback = apps.get_model("participation", "Feedback")
    feedback.objects.filter(closed_at__lt=F("sent_at")).update(closed_at=F("sent_at"))


def forget_signed_links(apps, schema_editor):
    """Whoever reads such an address can stop somebody's e-mails, or delete their address."""
    feedback = apps.get_model("participation", "Feedback")
    feedback.objects.filter(page__contains=BEHIND_SIGNED_LINKS).update(page="")


class Migration(migrations.Migration):
    dependencies = [("participation", "0003_one_counter")]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="became_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(close_no_sooner_than_sent, migrations.RunPython.noop),
        migrations.RunPython(forget_signed_links, migrations.RunPython.noop),
    ]
