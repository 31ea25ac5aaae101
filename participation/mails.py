"""Every mail that we write: one function each. Words are made when the mail goes out."""

from __future__ import annotations

from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from participation import alerts, following, who_hears
from participation.models import Mail, Subscriber
from participation.news import news_of
from publishing import moments
from publishing.day_addresses import absolute
from publishing.history import with_notes
from publishing.models import LedgerEntry
from publishing.record import newest_in_words
from updates import opportunities

LONGEST_SUBJECT = 120
# As plain text and as HTML.
QUESTION = ("emails/question.txt", "emails/question.html")
KNOWN = ("emails/known.txt", "emails/known.html")
NEWS = ("emails/news.txt", "emails/news.html")
STAFF_WEEK = ("emails/staff_week.txt", "emails/staff_week.html")
# Plain text, in which “&” is no HTML: the same folder, read without escaping.
TEXT = Engine(dirs=[str(Path(settings.BASE_DIR, "templates"))], autoescape=False)


def message_of(mail: Mail) -> EmailMultiAlternatives | None:
    """The mail as it goes out now; None when there is nothing left to say, or nobody to say it."""
    if mail.purpose == Mail.Purpose.ASK:
        return question(mail)
    return news(mail) if mail.purpose == Mail.Purpose.NEWS else week_for_staff(mail)


def question(mail: Mail) -> EmailMultiAlternatives | None:
    """“Do you want our e-mails?”; or, to whoever has them already, where they are set."""
    follow, subscriber = mail.follow, mail.subscriber
    if follow is None or subscriber is None:
        return None
    what = following.what_is_followed(follow, moments.now())
    if what is None:
        return None
    settings_url = absolute(following.link(following.SETTINGS, subscriber))
    if follow.confirmed_at and not subscriber.is_stopped:
        return written(
            mail, "You get our e-mails already", KNOWN, what=what, settings_url=settings_url
        )
    confirm_url = absolute(following.link(following.CONFIRM, follow))
    days = following.CONFIRM_WITHIN.days
    subject = "Press the button to get our e-mails"
    return written(mail, subject, QUESTION, what=what, confirm_url=confirm_url, days=days)


def news(mail: Mail) -> EmailMultiAlternatives | None:
    """What changed since the last mail, and how to stop."""
    subscriber = mail.subscriber
    if subscriber is None or subscriber.is_stopped:
        return None
    lines = LedgerEntry.objects.filter(deliveries__mail=mail).order_by("id")
    whole = list(with_notes(lines.select_related("document", "edition__document")))
    moment = moments.now()
    because = who_hears.why_it_came(subscriber, whole, moment)
    followed = who_hears.pages_followed(subscriber)
    found = news_of(whole, moment, followed=followed, because=because)
    if not found:
        return None
    subject = f"{found[0].heading}: {found[0].title}"
    if len(found) > 1:
        subject = f"{len(found)} things are new or changed"
    is_weekly = subscriber.pace == Subscriber.Pace.WEEKLY
    links = {
        "stop_url": absolute(following.link(following.STOP, subscriber)),
        "settings_url": absolute(following.link(following.SETTINGS, subscriber)),
    }
    return written(mail, subject, NEWS, news=found, is_weekly=is_weekly, **links)


def week_for_staff(mail: Mail) -> EmailMultiAlternatives | None:
    """“2 promises pass their date this week”, for somebody who may be new here."""
    now = timezone.now()
    promises, unsaid = alerts.due_this_week(now), alerts.unsaid_this_week(now)
    if not (promises or unsaid) or not (mail.staff and mail.staff.is_active):
        return None
    many = len(promises)
    subject = f"{many} promises pass their date this week"
    if many == 1:
        subject = "1 promise passes its date this week"
    elif not many:
        subject = "Say what came of it"
    day = timezone.localdate(now)
    reminders = [(one, opportunities.reminder(one, day)) for one in unsaid]
    facts = {"promises": promises, "reminders": reminders, "admin_url": absolute("/admin/")}
    return written(mail, subject, STAFF_WEEK, **facts)


# What they share


def written(
    mail: Mail, subject: str, names: tuple[str, str], **facts: Any
) -> EmailMultiAlternatives:
    """The message, as text and as HTML, with a Message-ID that stays the same for ever."""
    context = {
        "site_name": settings.SITE_NAME,
        "site_place": settings.SITE_PLACE,
        "site_url": settings.SITE_URL,
        "subject": subject,
        "record": newest_in_words(),
        "changes_url": absolute(reverse("changes:list")),
        "check_url": absolute(reverse("changes:check")),
        **facts,
    }
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{mail.key}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Date": format_datetime(timezone.now()),
    }
    if stop_url := facts.get("stop_url"):
        headers |= {
            "List-Id": f"{settings.SITE_NAME} <updates.{host}>",
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    text = TEXT.get_template(names[0]).render(Context(context))
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        body=text.strip() + "\n",
        to=[mail.address],
        headers=headers,
    )
    html = render_to_string(names[1], context)
    message.attach_alternative(html, "text/html")
    return message
