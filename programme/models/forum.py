"""What the Parent Carer Forum says of a promise that we call done, and the link it says it by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from publishing.models import Document, Edition, EditionQuerySet, OutsideLink, Withdrawal

ICONS = {"yes": "done", "no": "late"}


class ForumLink(OutsideLink):
    """Given to the forum by an officer; whoever holds it speaks as the forum."""

    SPEAKER: ClassVar[str] = "Parent Carer Forum"

    class Meta(OutsideLink.Meta):
        verbose_name = "link for the Parent Carer Forum"
        verbose_name_plural = "links for the Parent Carer Forum"
        ordering = ["-made_at"]


class ForumCheckQuerySet(EditionQuerySet):
    def known_at(self, moment):
        """The newest answers that this site knew at the moment, and had not taken down by then.

        Not the same as `as_of`: what is removed from the past later was known all the same, and
        changes no number that was once on show.
        """
        down = Withdrawal.objects.in_force(moment).filter(document=OuterRef("document"))
        return self.filter(
            Q(superseded_at=None) | Q(superseded_at__gt=moment.at), published_at__lte=moment.at
        ).exclude(Exists(down))


class ForumCheck(Edition):
    """One answer of the forum about one promise. Each later answer is its next edition."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes, it is done"
        NO = "no", "No, it is not done"
        CANNOT_TELL = "cannot tell", "We cannot tell"

    SPEAKS_THROUGH: ClassVar[type[OutsideLink] | None] = ForumLink
    LATER_EDITION_IS_CALLED: ClassVar[str] = "Answered again"
    READERS_CALL_IT = "The Parent Carer Forum says"

    promise = models.ForeignKey(
        Document,
        models.PROTECT,
        related_name="forum_checks",
        limit_choices_to={"kind": "programme.milestone"},
    )
    # Which of its editions the forum had before it: a later one may take “done” back.
    about_number = models.PositiveIntegerField("version of the promise")
    said_done_on = models.DateField("the day on which we say that it was done")
    answer = models.CharField("is it done?", max_length=20, choices=Answer)
    words = models.TextField("in the forum’s own words", blank=True)

    is_of_now: bool  # set by `programme.forum`: nothing was taken back since

    objects: ClassVar = ForumCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "answer of the Parent Carer Forum"
        verbose_name_plural = "answers of the Parent Carer Forum"

    @classmethod
    def document_url(cls, slug):
        return reverse("plan:forum_check", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("plan:forum_check_history", args=[slug])
        return reverse("plan:forum_check_edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "Our plan", reverse("plan:list")

    @classmethod
    def what_moved(cls, pairs):
        return {key: [f"It says: {now.get_answer_display()}."] for key, (now, _) in pairs.items()}

    @property
    def icon(self) -> str:
        return ICONS.get(self.answer, "wait")

    @property
    def tone(self) -> str:
        """The class of its colours, as those of a status."""
        return self.icon

    def words_not_ours(self):
        return super().words_not_ours() | {"title", "words", "change_note"}

    def plain_text(self) -> str:
        lines = [f"The Parent Carer Forum: {self.get_answer_display()}.", self.words]
        return "\n".join(filter(None, lines))
