"""What people tell us, and whom we write to: private, kept no longer than retention.py says."""

from participation.models.counts import DayCount
from participation.models.deliveries import AlertCursor, Delivery, Mail
from participation.models.feedback import Deed, Feedback, FeedbackQuerySet
from participation.models.reports import YearlyReport
from participation.models.subscribers import Follow, Subscriber

__all__ = [
    "AlertCursor",
    "DayCount",
    "Deed",
    "Delivery",
    "Feedback",
    "FeedbackQuerySet",
    "Follow",
    "Mail",
    "Subscriber",
    "YearlyReport",
]
