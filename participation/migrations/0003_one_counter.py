"""What keeps a flood out of the forms counts as the mails do: in one statement, by the day."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("participation", "0002_mail")]

    operations = [
        migrations.RenameModel("MailCount", "DayCount"),
        migrations.DeleteModel("RecentSender"),
    ]
