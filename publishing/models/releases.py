"""Releases: editions that go out together, and the signatures they need before they do."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from publishing.models.contents import canonical
from publishing.models.editions import Edition


class Body(models.Model):
    """An organisation that answers for what is published: the council, the NHS."""

    name = models.CharField(max_length=150, unique=True)
    short_name = models.CharField(max_length=50, blank=True, help_text="For example: Council")
    must_sign = models.BooleanField(
        "must sign off before publishing",
        default=False,
        help_text="Ticked: nothing is published until one of its signers has signed it off.",
    )

    insert_only_fields = ("name",)

    class Meta:
        ordering = ["name"]
        verbose_name = "council or NHS body"
        verbose_name_plural = "council and NHS bodies"

    def __str__(self):
        return self.name


class Signer(models.Model):
    """A person who may sign off for a body."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="signers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="signer_for")
    post = models.CharField(
        "post title", max_length=150, help_text="Shown to the public instead of a name."
    )
    is_deputy = models.BooleanField("deputy", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "user"], name="a_person_signs_once_for_a_body")
        ]

    def __str__(self):
        return f"{self.post}, {self.body}"


def by_key(rows: models.Manager) -> list:
    """Sorted here, so that rows which were asked for with many releases are not asked for again."""
    return sorted(rows.all(), key=lambda row: row.pk)


class Release(models.Model):
    """Working editions that are signed off and published together."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # A small fix needs no signature of its own: the one under what it fixes stays on show.
    signed_through = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        permissions = [
            ("write_release", "Can write drafts and send them for sign-off"),
            ("sign_off_release", "Can sign off or send back"),
            ("publish_release", "Can publish, schedule, take down and redact"),
        ]

    def __str__(self):
        return ", ".join(edition.title for edition in self.editions.all())

    # Only where it was asked of many releases at once: `know_who_signed`.
    known_to_be_signed_off: bool | None = None

    def digest(self) -> str:
        """SHA-256 over the digests of its editions: what a signature binds to."""
        return digest_over(self.editions.values_list("document__key", "digest"))

    def valid_sign_offs(self):
        """The signatures that stand for exactly what the release says now."""
        return self.sign_offs.filter(voided_at=None, digest=self.digest(), by__is_active=True)

    def signatures_digest(self) -> str:
        """SHA-256 over who has signed what, and who had not in time; empty without any."""
        signed = [each for each in by_key(self.sign_offs) if each.voided_at is None]
        missing = by_key(self.went_out_without)
        rows = [
            *([s.body.name, s.post, s.at.isoformat(), s.digest] for s in signed),
            *([m.body.name, "has not signed", m.at.isoformat()] for m in missing),
        ]
        return hashlib.sha256(canonical(rows)).hexdigest() if rows else ""

    def unsigned_bodies(self):
        """Bodies that must sign and have not signed this version of the release."""
        return Body.objects.filter(must_sign=True).exclude(
            pk__in=self.valid_sign_offs().values("body")
        )

    @property
    def is_signed_off(self) -> bool:
        if self.known_to_be_signed_off is not None:
            return self.known_to_be_signed_off
        return not self.unsigned_bodies().exists()

    def lacks_since_publication(self, body: Body) -> bool:
        """It went out without this body's signature, and the body has not signed since."""
        is_public = self.editions.filter(ledger__isnull=False).exists()
        return is_public and self.went_out_without.filter(body=body).exists()

    def editor_ids(self) -> set[int]:
        """Everyone who edited any of its editions since the last publication."""
        return set(self.editions.values_list("edits__user", flat=True)) - {None}

    def was_edited_by(self, user) -> bool:
        return user.pk in self.editor_ids()


def digest_over(pages: Iterable[tuple[uuid.UUID, str]]) -> str:
    rows = sorted((str(key), digest) for key, digest in pages)
    return hashlib.sha256(canonical([list(row) for row in rows])).hexdigest()


def know_who_signed(releases: Sequence[Release]) -> None:
    """Asks of many releases at once whether they are signed off: three questions for all."""
    if not releases:
        return
    keys = {release.pk for release in releases}
    must_sign = set(Body.objects.filter(must_sign=True).values_list("pk", flat=True))
    pages, signatures = defaultdict(list), defaultdict(set)
    found = Edition.objects.filter(release__in=keys)
    for key, document, digest in found.values_list("release", "document__key", "digest"):
        pages[key].append((document, digest))
    standing = SignOff.objects.filter(release__in=keys, voided_at=None, by__is_active=True)
    for key, body, digest in standing.values_list("release", "body", "digest"):
        signatures[key].add((body, digest))
    for release in releases:
        now = digest_over(pages[release.pk])
        needed = {(body, now) for body in must_sign}
        release.known_to_be_signed_off = needed <= signatures[release.pk]


class SignOff(models.Model):
    """One body's signature under one exact version of a release."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="sign_offs")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.CharField(max_length=150)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "body"],
                condition=Q(voided_at=None),
                name="a_body_signs_a_release_once",
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="a_signature_is_under_something"),
        ]

    def __str__(self):
        return f"{self.post}, {self.body}"


class SentBack(models.Model):
    """A reviewer asked for more work, and said which."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="sent_back")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.reason


class UnsignedBody(models.Model):
    """A release went out although this body had not signed; the page says so."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="went_out_without")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "body"], name="a_missing_signature_is_noted_once"
            )
        ]

    def __str__(self):
        return f"{self.body} has not signed yet"


class SmallFixConfirmation(models.Model):
    """A second person looked at a small fix afterwards and agreed that it was small."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="small_fix_confirmation")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.by} confirmed a small fix of {self.edition}"
