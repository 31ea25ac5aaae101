"""What people tell us, and whom we write to: private, kept no longer than retention.py says."""

from participation.models.deliveries import AlertCursor, Delivery, Mail
from participation.models.feedback import Deed, Feedback, FeedbackQuerySet
from participation.models.reports import YearlyReport
from participation.models.senders import RecentSender
from participation.models.subscribers import Follow, MailCount, Subscriber

__all__ = [
    "AlertCursor",
    "Deed",
    "Delivery",
    "Feedback",
    "FeedbackQuerySet",
    "Follow",
    "Mail",
    "MailCount",
    "RecentSender",
    "Subscriber",
    "YearlyReport",
]
