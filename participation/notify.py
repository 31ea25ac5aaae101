"""GOV.UK Notify as a mailer: MAIL_URL=notify://TEMPLATE and NOTIFY_KEY.

The template at Notify has the subject ((subject)) and the body ((body)).
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

BAD_REQUEST = 400
NOTIFY = "https://api.notifications.service.gov.uk"
ONE_CLICK = re.compile(r"<(https://[^>]+)>")


class NotifyRefused(smtplib.SMTPDataError):
    """Notify did not take this mail. Its own words are left out: they may hold the address."""

    def __init__(self, status: int):
        super().__init__(status, "GOV.UK Notify refused it")


class NotifyIsAway(OSError):
    """Notify takes no mail at all now."""


class EmailBackend(BaseEmailBackend):
    def __init__(self, key: str = "", template: str = "", url: str = NOTIFY, **kwargs):
        super().__init__(**kwargs)
        # Only whoever uses Notify has its library.
        from notifications_python_client.notifications import NotificationsAPIClient

        self.template = template
        self.client = NotificationsAPIClient(key, base_url=url, timeout=10)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            self.send(message)
        return len(email_messages)

    def send(self, message: EmailMessage) -> None:
        from notifications_python_client.errors import APIError

        reference = message.extra_headers.get("Message-ID", "").strip("<>")
        one_click = ONE_CLICK.match(message.extra_headers.get("List-Unsubscribe", ""))
        try:
            if "X-Sent-Again" in message.extra_headers and self.has(reference):
                return
            self.client.send_email_notification(
                email_address=message.to[0],
                template_id=self.template,
                personalisation={"subject": message.subject, "body": message.body},
                reference=reference,
                one_click_unsubscribe_url=one_click[1] if one_click else None,
            )
        except APIError as error:  # also an answer that is none, such as a page of a proxy
            if error.status_code == BAD_REQUEST:
                raise NotifyRefused(error.status_code) from None
            raise NotifyIsAway(f"GOV.UK Notify answered {error.status_code}") from None

    def has(self, reference: str) -> bool:
        """Unlike a mail server it can be asked: did this mail reach it before we died?"""
        found = self.client.get_all_notifications(reference=reference)
        return bool(found.get("notifications"))
