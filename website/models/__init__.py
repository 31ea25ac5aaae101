"""Pages that belong to no term, and reports that a page shows something private."""

from website.models.pages import InformationPage, PageSection
from website.models.reports import PrivacyReport

__all__ = ["InformationPage", "PageSection", "PrivacyReport"]
