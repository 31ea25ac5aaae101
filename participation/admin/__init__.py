"""How staff read what people told us, answer it, and keep it no longer than we said."""

from participation.admin import feedback, feedback_reports

__all__ = ["feedback", "feedback_reports"]
