"""How staff read what people told us and answer it, and see which mails go out."""

from participation.admin import feedback, feedback_reports, subscribers

__all__ = ["feedback", "feedback_reports", "subscribers"]
