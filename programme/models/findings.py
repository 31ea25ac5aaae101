"""What inspectors, the government or families found, and what somebody said word for word."""

from django.db import models

from programme.models.timeline import TimelineEvent
from publishing.models import Document, Part

# Fewer than this could be recognised.
FEW = 5


class Finding(Part):
    """What somebody else found, about one problem or all of it."""

    class Voice(models.TextChoices):
        INSPECTORS = "inspectors", "Inspectors"
        GOVERNMENT = "government", "The government"
        FAMILIES = "families", "Families"

    class Verdict(models.TextChoices):
        ENOUGH = "enough", "Enough progress"
        NOT_ENOUGH = "not enough", "Not enough progress"
        BETTER = "better", "Better"
        SAME = "same", "No change"
        WORSE = "worse", "Worse"
        BEST_OF_THREE = "best of three", "Best of three results"
        MIDDLE_OF_THREE = "middle of three", "Middle of three results"
        LAST_OF_THREE = "last of three", "Last of three results"
        NOT_SAID = "not said", "No verdict"

    edition = models.ForeignKey(TimelineEvent, models.CASCADE, related_name="findings")
    voice = models.CharField("who found it?", max_length=20, choices=Voice)
    verdict = models.CharField(max_length=20, choices=Verdict)
    words = models.TextField("what they found, in plain words")
    area = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        limit_choices_to={"kind": "programme.area"},
        verbose_name="problem that it is about",
        help_text="Empty: about all of it.",
    )
    promise = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmations",
        limit_choices_to={"kind": "programme.milestone"},
        verbose_name="promise that they say is done",
    )
    asked = models.CharField(
        "who asked families",
        max_length=150,
        blank=True,
        help_text="For families: “The Parent Carer Forum, online”.",
    )
    how_many = models.PositiveIntegerField(
        "how many answered",
        null=True,
        blank=True,
        help_text=f"For families. Fewer than {FEW} are shown as “a few families”.",
    )

    class Meta(Part.Meta):
        verbose_name = "finding"

    def __str__(self):
        return f"{self.get_voice_display()}: {self.get_verdict_display().lower()}"

    def plain_text(self) -> str:
        return "\n".join(filter(None, (str(self), self.words, self.who_was_asked)))

    def words_not_ours(self) -> frozenset[str]:
        return frozenset({"asked"})

    @property
    def who_was_asked(self) -> str:
        """“Asked by the forum; 120 families answered”; a small number would name somebody."""
        if self.voice != self.Voice.FAMILIES:
            return ""
        answered = ""
        if self.how_many is not None:
            number = "a few" if self.how_many < FEW else f"{self.how_many:,}"
            answered = f"{number} families answered"
        asked = f"Asked by: {self.asked}" if self.asked else ""
        return "; ".join(filter(None, (asked, answered))) or "We do not know how many were asked"

    @property
    def tone(self) -> str:
        """The look of its verdict: never by colour alone, the words stand in it."""
        tones = {
            self.Verdict.ENOUGH: "done",
            self.Verdict.BETTER: "done",
            self.Verdict.BEST_OF_THREE: "done",
            self.Verdict.MIDDLE_OF_THREE: "wait",
            self.Verdict.SAME: "wait",
            self.Verdict.NOT_SAID: "wait",
        }
        return tones.get(self.Verdict(self.verdict), "late")


class Quote(Part):
    """What somebody said, word for word."""

    edition = models.ForeignKey(TimelineEvent, models.CASCADE, related_name="quotes")
    words = models.TextField(
        "their words, exactly", help_text="Without quotation marks. Change nothing."
    )
    who = models.CharField("who said it", max_length=150)
    post = models.CharField("their post or role", max_length=200, blank=True)
    taken_from = models.CharField(
        "where it is written", max_length=300, help_text="A quotation needs its source."
    )

    class Meta(Part.Meta):
        verbose_name = "quotation"

    def __str__(self):
        return self.who

    def words_not_ours(self) -> frozenset[str]:
        return frozenset({"words", "who", "post", "taken_from"})

    def plain_text(self) -> str:
        who = ", ".join(filter(None, (self.who, self.post)))
        return f"“{self.words}” {who}\n{self.taken_from}"
