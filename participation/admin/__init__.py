"""Where staff meet what people tell us, and the mails that go out."""

from participation.admin import subscribers

__all__ = ["subscribers"]
