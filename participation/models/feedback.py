"""What somebody told us: private, read by named people, answered in public without their name."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from participation.feedback_danger import says_danger
from publishing.models import Document, Edition
from publishing.moments import LONDON, Moment

LONGEST_FEEDBACK = 5000
# We say both to whoever writes, before and after.
READ_WITHIN = 5  # working days
ANSWER_WITHIN = dt.timedelta(days=28)
# Without letters that look or sound alike: people copy it from a screen, or read it out.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_BITS = 80
READ_AS = str.maketrans("OIL", "011", " -–—.")


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user):
        """Of a child who may be in danger, the duty role reads alone."""
        if user.has_perm("participation.see_safeguarding"):
            return self
        return self.filter(is_for_duty=False)

    def for_duty(self):
        """What the duty role has not dealt with yet."""
        return self.filter(is_for_duty=True, duty_done_at=None)

    def unread(self):
        return self.filter(read_at=None)

    def unanswered(self, moment: Moment):
        """Nothing came of it in public, and no reason is given why nothing will."""
        return self.with_answer(moment).filter(
            is_answered=False, closed_at=None, words_erased_at=None
        )

    def with_answer(self, moment: Moment):
        """`is_answered`: the card that was made of it stands in public at the moment."""
        cards = Edition.objects.as_of(moment).filter(document=OuterRef("became"))
        return self.annotate(is_answered=Exists(cards))

    def with_page_title(self, moment: Moment):
        """`page_title`: what the page it is about is called now; None if it does not stand."""
        pages = Edition.objects.as_of(moment).filter(document=OuterRef("document"))
        return self.annotate(page_title=Subquery(pages.values("title")[:1]))

    def close_answered(self, now: dt.datetime) -> None:
        """What is answered in public is closed from that day: its words go in their time."""
        first = Subquery(
            Edition.objects.filter(document=OuterRef("became"), published_at__lte=now)
            .order_by("published_at")
            .values("published_at")[:1]
        )
        found = self.filter(closed_at=None).annotate(out_at=first)
        # An older card may come to answer a new message: it has not been answered any longer.
        since = Greatest(first, Coalesce("became_at", "sent_at"))
        found.filter(out_at__isnull=False).update(closed_at=since)

    def receive(self, *, token: str, words: str, page: str, **facts) -> tuple[Feedback, str]:
        """Keeps what was sent, and its receipt code. The same form sent twice is kept once."""
        code = receipt_code(token, page, words)
        is_for_duty = says_danger(words)
        now = timezone.now()
        with transaction.atomic():
            feedback, _ = self.get_or_create(
                receipt=digest_of(code),
                defaults={
                    "words": words,
                    "page": page,
                    "sent_at": now,
                    "answer_by": now.astimezone(LONDON).date() + ANSWER_WITHIN,
                    "is_for_duty": is_for_duty,
                    **facts,
                },
            )
        return feedback, code

    def with_code(self, typed: str) -> Feedback | None:
        """The one whose receipt code somebody typed, however they wrote it."""
        code = typed.upper().translate(READ_AS).replace("\n", "").replace("\t", "")
        return self.filter(receipt=digest_of(code)).first() if code else None


class Feedback(models.Model):
    """One message. We do not know who sent it."""

    class Who(models.TextChoices):
        PARENT = "parent", "A parent or carer"
        YOUNG = "young", "A young person"
        SCHOOL = "school", "Somebody from a school or college"
        OTHER = "other", "Somebody else"

    class Category(models.TextChoices):
        """What the SEND Regulations 2014, regulation 56, ask us to tell apart."""

        CONTENT = "content", "What help there is: how good, and what is missing"
        ACCESS = "access", "How easy information is to find and to read"
        MAKING = "making", "How we plan, and who has a say in it"
        OTHER = "other", "Something else, such as this programme"

    class WhyNot(models.TextChoices):
        """Why there is no public answer. The second words are told to whoever wrote."""

        PERSONAL = "personal", "It is about one child or family (regulation 56 lets us keep it)"
        HOSTILE = "hostile", "It is meant to annoy or to hurt (regulation 56 lets us keep it)"
        ELSEWHERE = "elsewhere", "It is about something that we have no part in"
        NO_ANSWER = "no answer", "It needs no answer: thanks, or a mistake"

    receipt = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    page = models.CharField("about the page", max_length=300, blank=True, editable=False)
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, related_name="+", editable=False
    )
    who = models.CharField("who wrote", max_length=10, choices=Who, blank=True, editable=False)
    is_easy_read = models.BooleanField("on the Easy Read form", default=False, editable=False)
    words = models.TextField(
        "what they wrote",
        blank=True,
        max_length=2 * LONGEST_FEEDBACK,
        help_text="Take out names, schools, streets and rare conditions: write “[name]” for a "
        "name. What came is kept apart for 30 days.",
    )
    original = models.TextField("as it came", blank=True, editable=False)
    names_removed_at = models.DateTimeField(null=True, editable=False)
    words_erased_at = models.DateTimeField(null=True, editable=False)

    area = models.ForeignKey(
        Document,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "programme.area"},
        verbose_name="which problem is it about?",
    )
    category = models.CharField("what is it about?", max_length=10, choices=Category, blank=True)
    answer_by = models.DateField("answer by", help_text="We say 4 weeks to whoever writes.")
    became = models.ForeignKey(
        Document,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="made_from",
        limit_choices_to={"kind": "updates.yousaidwedid"},
        verbose_name="answered by",
        help_text="If others said the same: the card of “You said, we did” that answers it.",
    )
    became_at = models.DateTimeField(null=True, editable=False)
    why_not = models.CharField(
        "why there is no public answer",
        max_length=10,
        choices=WhyNot,
        blank=True,
        help_text="Whoever wrote reads this with their receipt code.",
    )
    read_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    is_for_duty = models.BooleanField("a child may be in danger", default=False, editable=False)
    alerted_at = models.DateTimeField(null=True, editable=False)
    duty_done_at = models.DateTimeField(null=True, editable=False)
    held_at = models.DateTimeField(null=True, editable=False)
    held_because = models.CharField(max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    # At a moment, once `with_answer` has said it.
    is_answered: bool
    # Likewise, once `with_page_title` has.
    page_title: str | None

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = "message"
        verbose_name_plural = "messages from families"
        default_permissions = ("view", "change")
        permissions = [("see_safeguarding", "Can read of a child who may be in danger")]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_at=None, held_because="")
                | (Q(held_at__isnull=False) & ~Q(held_because="")),
                name="a_message_is_held_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(words_erased_at=None) | Q(words="", original=""),
                name="of_an_erased_message_no_words_are_left",
            ),
        ]

    def __str__(self):
        """Never its words: Django's log of what staff did keeps this longer than those."""
        return f"Message {self.pk}, {self.sent_at.astimezone(LONDON):%-d %B %Y}"

    def is_answered_by(self, card: Document | None) -> None:
        """From now on, and it is closed when that card is public; the caller saves."""
        self.became, self.became_at = card, timezone.now() if card else None
        self.closed_at = None

    def note(self, what: Deed.What, by) -> None:
        self.deeds.create(what=what, by=by)

    @transaction.atomic
    def open_for(self, by) -> None:
        """Each reading is kept: who, and when."""
        type(self).objects.filter(pk=self.pk, read_at=None).update(read_at=timezone.now())
        self.note(Deed.What.READ, by)
        self.refresh_from_db(fields=["read_at"])

    @transaction.atomic
    def hold(self, because: str, by) -> None:
        """Nothing of it is erased until somebody lets it go."""
        self.held_at, self.held_because = timezone.now(), because
        self.save(update_fields=["held_at", "held_because"])
        self.note(Deed.What.HELD, by)

    @transaction.atomic
    def let_go(self, by) -> None:
        self.held_at, self.held_because = None, ""
        self.save(update_fields=["held_at", "held_because"])
        self.note(Deed.What.LET_GO, by)

    @transaction.atomic
    def pass_to_duty(self, by) -> None:
        self.is_for_duty, self.duty_done_at, self.alerted_at = True, None, None
        self.save(update_fields=["is_for_duty", "duty_done_at", "alerted_at"])
        self.note(Deed.What.TO_DUTY, by)

    @transaction.atomic
    def duty_is_done(self, by, *, others_may_read: bool) -> None:
        self.duty_done_at = timezone.now()
        self.is_for_duty = not others_may_read
        self.save(update_fields=["duty_done_at", "is_for_duty"])
        self.note(Deed.What.DUTY_DONE, by)


class Deed(models.Model):
    """Who read a message or did something with it. Never what it says."""

    class What(models.TextChoices):
        READ = "read", "Read it"
        CHANGED = "changed", "Sorted it"
        NAMES = "names", "Took names out"
        CARD = "card", "Made a “You said, we did” from it"
        HELD = "held", "Held it back from being erased"
        LET_GO = "let go", "Let it be erased in its time"
        TO_DUTY = "to duty", "Alerted the duty role"
        DUTY_DONE = "duty done", "Dealt with it for the duty role"

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="deeds")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_what_display()}, {self.at:%-d %B %Y}"


def receipt_code(token: str, page: str, words: str) -> str:
    """80 bits that nobody can guess without our key; the same for the same form sent again."""
    text = "\0".join((token, page, words))
    digest = salted_hmac("receipt", text, algorithm="sha256").digest()
    number = int.from_bytes(digest) >> (256 - CODE_BITS)
    return "".join(SIGNS[(number >> shift) & 31] for shift in range(CODE_BITS - 5, -1, -5))


def in_groups(code: str) -> str:
    """As it is shown: “7K2M-Q9XR-40TV-NB3D”."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def digest_of(code: str) -> str:
    return salted_hmac("receipt digest", code, algorithm="sha256").hexdigest()
