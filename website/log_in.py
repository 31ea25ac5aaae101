"""How staff log in: whoever only guesses has to wait."""

import datetime as dt

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from participation.models.counts import AN_HOUR, DayCount, Limit
from participation.public_forms import sender_of
from publishing.moments import LONDON

# Into one account from one connection; and from one connection into any, as behind a council's
# front all of its staff are one. Nobody is kept out by what somebody else tries from elsewhere.
EACH = Limit(10, AN_HOUR)
TOGETHER = Limit(200, AN_HOUR)


class LogInForm(AdminAuthenticationForm):
    def clean(self):
        """Each try is counted before it is looked at: however many come at once, no more pass."""
        name = self.cleaned_data.get("username")
        if self.request and name and self.cleaned_data.get("password"):
            self.refuse_a_flood(name, sender_of(self.request))
        return super().clean()

    def refuse_a_flood(self, name: str, sender: str) -> None:
        now = timezone.now()
        DayCount.objects.forget_before(timezone.localdate(now))
        is_free = EACH.take(f"log-in to {name} from {sender}", now) and TOGETHER.take(
            f"log-in from {sender}", now
        )
        if not is_free:
            again = now.astimezone(LONDON).replace(minute=0) + dt.timedelta(hours=1)
            raise ValidationError(
                f"There were too many tries to log in from here. Wait until {again:%H:%M}, then "
                "try again. If you forgot your password, ask an administrator for a new one.",
                code="too_many",
            )
