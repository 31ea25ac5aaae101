"""Which problems a promise helps to mend."""

from django.db import models

from programme.models.milestones import Milestone
from publishing.models import Document, Part


class MilestoneArea(Part):
    """A problem that the promise helps to mend."""

    edition = models.ForeignKey(Milestone, models.CASCADE, related_name="areas")
    area = models.ForeignKey(
        Document,
        models.PROTECT,
        related_name="promises_of_area",
        verbose_name="problem",
        limit_choices_to={"kind": "programme.area"},
    )

    class Meta(Part.Meta):
        verbose_name = "problem it helps to mend"
        verbose_name_plural = "problems it helps to mend"

    def __str__(self):
        return str(self.area)

    def plain_text(self) -> str:
        return ""
