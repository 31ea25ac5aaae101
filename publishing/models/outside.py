"""Links by which somebody outside says something in public: in their own name, past no desk."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

BYTES = 32  # of chance in a token: nobody guesses 256 bits


class OutsideLinkQuerySet(models.QuerySet):
    def standing(self, at: dt.datetime):
        """Those that open something at an instant: not too old, and not taken back."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def holding(self, token: str):
        """The link with this token. Of the token itself only a digest is known here."""
        return self.filter(digest=digest_of(token))


class OutsideLink(models.Model):
    """One link, given to somebody outside. Kinds name theirs in `SPEAKS_THROUGH`."""

    digest = models.CharField("SHA-256 of its secret", max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("made", editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    expires_at = models.DateTimeField("works until", editable=False)
    used_at = models.DateTimeField("last answer through it", null=True, editable=False)
    revoked_at = models.DateTimeField("taken back", null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = OutsideLinkQuerySet.as_manager()

    # Who speaks through links of this sort, as the public record calls them.
    SPEAKER: ClassVar[str]
    LASTS: ClassVar[dt.timedelta] = dt.timedelta(days=14)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="%(class)s_works_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="%(class)s_is_taken_back_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Link of {timezone.localtime(self.made_at):%-d %B %Y, %H:%M}"

    def stands(self, at: dt.datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


def new_token() -> str:
    return secrets.token_urlsafe(BYTES)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def speaker_of(user) -> str:
    """For whom an account stands that nobody can sign in with; empty for everybody's own.

    Its name has spaces, so no form for accounts can make one like it, or save this one.
    """
    speakers = {each.SPEAKER for each in apps.get_models() if issubclass(each, OutsideLink)}
    name = user.get_username()
    return name if name in speakers else ""
