"""Pages that belong to no term: help, what this site is, its duties, the words we use."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import slugify

from publishing.models import Edition, Part, Problem
from publishing.richtext import MarkdownField


class InformationPage(Edition):
    """One page of each purpose. Its address is its purpose, and its template fits it."""

    class Purpose(models.TextChoices):
        HELP = "help", "Get help"
        ABOUT = "about", "About this site"
        ACCESSIBILITY = "accessibility", "Accessibility statement"
        PRIVACY = "privacy", "Privacy"
        COOKIES = "cookies", "Cookies"
        WORDS = "words", "Words we use"

    purpose = models.CharField(
        "which page is it?", max_length=20, choices=Purpose, help_text="There is one of each."
    )
    intro = models.TextField(
        "first words", help_text="One or two short sentences: what is this page for?"
    )
    prepared_on = models.DateField(
        "prepared on",
        null=True,
        blank=True,
        help_text="The law asks for this on the accessibility statement.",
    )
    reviewed_on = models.DateField(
        "last checked on", null=True, blank=True, help_text="The day somebody last read it through."
    )
    tested_on = models.DateField(
        "website last tested on",
        null=True,
        blank=True,
        help_text="For the accessibility statement.",
    )

    READERS_CALL_IT = "information"

    class Meta:
        verbose_name = "information page"

    @classmethod
    def document_url(cls, slug):
        return reverse("website:information", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("website:information_history", args=[slug])
        return reverse("website:information_edition", args=[slug, number])

    def plain_text(self) -> str:
        dates = (
            ("Prepared on", self.prepared_on),
            ("Last checked on", self.reviewed_on),
            ("Website last tested on", self.tested_on),
        )
        return "\n".join(
            text
            for text in (
                self.intro,
                *(part.plain_text() for part in self.parts()),
                *(f"{words} {day:%-d %B %Y}" for words, day in dates if day),
            )
            if text
        )

    def advice(self) -> list[Problem]:
        """None on the accessibility statement: its wording is the government's model."""
        return [] if self.purpose == self.Purpose.ACCESSIBILITY else super().advice()

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if not self.intro.strip():
            problems.append(Problem("intro", "Say in a sentence what this page is for."))
        if not self.sections.exists():
            problems.append(Problem("title", "The page is empty. Add a section."))
        is_statement = self.purpose == self.Purpose.ACCESSIBILITY
        if is_statement and not self.prepared_on:
            problems.append(Problem("prepared_on", "The law asks when it was prepared."))
        return problems


class PageSection(Part):
    """One part of a page: a card of the help page, a word of the glossary, a chapter."""

    edition = models.ForeignKey(InformationPage, models.CASCADE, related_name="sections")
    heading = models.CharField(
        max_length=150, help_text="On “Words we use”: the word. On “Get help”: whom to ask."
    )
    body = MarkdownField("text", blank=True, help_text="Short sentences. Say one thing in each.")
    phone = models.CharField(max_length=40, blank=True, help_text="As people read it out.")
    email = models.EmailField("e-mail", blank=True)
    hours = models.CharField(
        "when somebody answers", max_length=150, blank=True, help_text="“Monday to Friday, 9 to 5”."
    )
    link = models.URLField("web address", max_length=500, blank=True)
    link_text = models.CharField(
        "words of the link",
        max_length=150,
        blank=True,
        help_text="What is there: “Ask SENDIASS for free advice”. Never “click here”.",
    )
    is_urgent = models.BooleanField(
        "for an emergency", default=False, help_text="Shown first, in the colour of a warning."
    )

    class Meta(Part.Meta):
        verbose_name = "section"

    def __str__(self):
        return self.heading

    def clean(self):
        if bool(self.link) != bool(self.link_text):
            raise ValidationError({"link_text": "A link needs both an address and its words."})

    def plain_text(self) -> str:
        contact = (self.phone, self.hours, self.email, self.link_text, self.link)
        return "\n".join(text for text in (self.heading, self.body, *contact) if text)

    @property
    def anchor(self) -> str:
        """Its name in the page's address: /words/#ehc-plan."""
        return slugify(self.heading) or f"s-{self.key}"

    @property
    def phone_number(self) -> str:
        """As a telephone dials it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")
