"""What people tell us, and whom we write to. Private; kept no longer than we say."""

from participation.models.deliveries import AlertCursor, Delivery, Mail
from participation.models.subscribers import Follow, MailCount, Subscriber

__all__ = ["AlertCursor", "Delivery", "Follow", "Mail", "MailCount", "Subscriber"]
