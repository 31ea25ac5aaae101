"""Files: immutable, named by their content, private until a public edition refers to them."""

from django.conf import settings
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from publishing.day_addresses import of_today
from publishing.models.editions import Edition
from publishing.models.parts import Part


class Attachment(models.Model):
    """One stored file. The same bytes are stored once, whoever uploads them."""

    digest = models.CharField("SHA-256 of the file", max_length=64, unique=True)
    extension = models.CharField(max_length=10)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    width = models.PositiveIntegerField(null=True, help_text="Of a picture, in pixels.")
    height = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True, help_text="Of a PDF.")
    copy_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="copies",
        help_text="The picture of which this is a smaller one, for phones.",
    )
    file = models.FileField(upload_to="attachments")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.digest[:12]}.{self.extension}"

    def get_absolute_url(self):
        # The same on every page and every day: no prefix of the time machine belongs before it.
        return of_today(reverse("publishing:attachment", args=[self.digest, self.extension]))

    @property
    def in_words(self) -> str:
        """“PDF, 2 pages, 340 KB”: so that nobody fetches it on a phone by surprise."""
        parts = [self.extension.upper(), filesizeformat(self.size)]
        if self.pages:
            parts.insert(1, f"{self.pages} page{'' if self.pages == 1 else 's'}")
        return ", ".join(parts)


class EditionFile(Part):
    """A file that an edition offers, with its plain summary."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="uses")
    title = models.CharField("what it is called", max_length=200)
    summary = models.TextField(
        "what it says, in plain words",
        help_text="For everybody who does not open it. Families read this beside the file.",
    )

    class Meta(Part.Meta):
        verbose_name = "file"

    def __str__(self):
        return self.title

    def plain_text(self) -> str:
        return f"{self.title}\n{self.summary}"

    def content(self) -> dict:
        return {**super().content(), "attachment": self.attachment.digest}


class EditionPicture(models.Model):
    """A picture that the texts of an edition show: kept so that the file knows who shows it.

    Made from the texts whenever they are sealed, so it is no part of what is signed.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pictures")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="shown_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "attachment"], name="an_edition_names_a_picture_once"
            ),
        ]

    def __str__(self):
        return f"{self.attachment} in {self.edition}"
