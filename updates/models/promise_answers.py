"""What became of the promises of the update before: answered in the next one, or seen not to be."""

from django.db import models

from publishing.models import Document, Part
from publishing.richtext import MarkdownField
from updates.models.termly_updates import TermlyUpdate


class PromiseAnswer(Part):
    """What an update says about one promise that the update before it made.

    Its rows make themselves, see `updates.promised`. Silence stops nothing: it is published as
    “No answer yet”.
    """

    said_html: str  # made from `said`
    promise_title = ""  # set by the form, which names each promise

    edition = models.ForeignKey(TermlyUpdate, models.CASCADE, related_name="answers")
    milestone = models.ForeignKey(
        Document,
        models.PROTECT,
        related_name="answers",
        verbose_name="promise",
        limit_choices_to={"kind": "programme.milestone"},
    )
    said = MarkdownField(
        "did we do it?",
        blank=True,
        help_text="In short sentences: what we did, and what is different for a family. The page "
        "shows the promise and how it stands by itself.",
        top_heading=4,
    )
    no_answer_because = models.TextField(
        "no answer yet, because",
        blank=True,
        help_text="Only if you cannot answer yet. If both are empty, families read “No answer "
        "yet”.",
    )

    class Meta(Part.Meta):
        verbose_name = "answer to a promise"
        verbose_name_plural = "answers to the promises of the update before"
        constraints = [
            *Part.Meta.constraints,
            models.UniqueConstraint(
                fields=["edition", "milestone"], name="an_update_answers_a_promise_once"
            ),
        ]

    def __str__(self):
        return self.promise_title or self.milestone.slug

    @property
    def is_silent(self) -> bool:
        return not (self.said.strip() or self.no_answer_because.strip())

    def plain_text(self) -> str:
        return "\n".join(text for text in (self.said, self.no_answer_because) if text)
