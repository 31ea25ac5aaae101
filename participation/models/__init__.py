"""What people tell us: private, and kept no longer than participation/retention.py says."""

from participation.models.feedback import Deed, Feedback, FeedbackQuerySet
from participation.models.reports import YearlyReport
from participation.models.senders import RecentSender

__all__ = ["Deed", "Feedback", "FeedbackQuerySet", "RecentSender", "YearlyReport"]
