"""Files: immutable, named by their content, private until a public edition refers to them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from publishing.models.editions import Edition, Part


class Attachment(models.Model):
    """One stored file. The same bytes are stored once, whoever uploads them."""

    digest = models.CharField("SHA-256 of the file", max_length=64, unique=True)
    extension = models.CharField(max_length=10)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    file = models.FileField(upload_to="attachments")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.digest[:12]}.{self.extension}"

    def get_absolute_url(self):
        return reverse("publishing:attachment", args=[self.digest, self.extension])


class EditionFile(Part):
    """A file that an edition offers, with its plain summary."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="uses")
    title = models.CharField(max_length=200)
    summary = models.TextField("what it says, in plain words")

    class Meta(Part.Meta):
        pass

    def __str__(self):
        return self.title

    def plain_text(self) -> str:
        return f"{self.title}\n{self.summary}"

    def content(self) -> dict:
        return {**super().content(), "attachment": self.attachment.digest}
