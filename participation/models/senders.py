"""How a flood is kept out of the public forms, without knowing who anybody is."""

import datetime as dt
import hashlib
import hmac
import ipaddress
from typing import NamedTuple

from django.conf import settings
from django.db import models

AN_HOUR = dt.timedelta(hours=1)
# Of one day's digests nothing is left on the next but one: see participation/retention.py.
A_DAY = dt.timedelta(days=1)


class Limit(NamedTuple):
    """At most so many in so long, from each sender."""

    most: int
    within: dt.timedelta


class RecentSenderQuerySet(models.QuerySet):
    def has_sent_enough(self, form: str, sender: str, limit: Limit, now: dt.datetime) -> bool:
        """Counts this attempt; True when its sender had used up the limit of the form before."""
        self.filter(at__lt=now - A_DAY).delete()
        digest = digest_of(sender, now)
        mine = self.filter(form=form, digest=digest, at__gte=now - limit.within)
        if mine.count() >= limit.most:
            return True
        self.create(form=form, digest=digest, at=now)
        return False


class RecentSender(models.Model):
    """That something came from a sender in the last day; who it was is not kept."""

    form = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects = RecentSenderQuerySet.as_manager()

    def __str__(self):
        return f"{self.form} at {self.at:%H:%M}"


def digest_of(sender: str, now: dt.datetime) -> str:
    """Under a key that changes daily, so that nothing links one day's senders to the next's."""
    key = f"{settings.SECRET_KEY}{now:%Y-%m-%d}".encode()
    return hmac.new(key, sender.encode(), hashlib.sha256).hexdigest()


def network_of(address: str) -> str:
    """What counts as one connection. Of IPv6 the network: one home has more addresses than the
    world has people.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address
