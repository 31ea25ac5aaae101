"""What an e-mail address may look like here, and when two of them are the same."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254
LIKE_THIS = "It looks like this: name@example.org."


class OneAddressField(forms.CharField):
    """Exactly one address that every mail server can take; in small letters, its host in ASCII."""

    def __init__(self, **kwargs):
        look = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        super().__init__(
            **{
                "max_length": LONGEST,
                "widget": forms.TextInput(attrs={"aria-describedby": "help-email", **look}),
                "error_messages": {
                    "required": f"Write your e-mail address. {LIKE_THIS}",
                    "max_length": f"This e-mail address is too long. {LIKE_THIS}",
                },
                **kwargs,
            }
        )

    def clean(self, value):
        if "\0" in str(value):
            raise ValidationError(f"Write one e-mail address and no other sign. {LIKE_THIS}")
        return one_address(super().clean(value))


def one_address(typed: str) -> str:
    """The address in the one form that is kept. Raises ValidationError with words for its owner."""
    name, at, host = typed.strip().rpartition("@")
    if not at or not name or not host:
        raise ValidationError(f"This is not an e-mail address. {LIKE_THIS}")
    if re.search(r"[\s,;:<>()\"\\\[\]\x00-\x1f\x7f]", typed.strip()) or "@" in name:
        raise ValidationError(f"Write one e-mail address and no other sign. {LIKE_THIS}")
    if not name.isascii():
        raise ValidationError(
            "We cannot write to an address with these letters before the @. Use another one."
        )
    try:
        host = host.encode("idna").decode("ascii")
        address = f"{name}@{host}".lower()
        validate_email(address)
    except (UnicodeError, ValidationError):
        raise ValidationError(f"This is not an e-mail address. {LIKE_THIS}") from None
    if len(address) > LONGEST:
        raise ValidationError(f"This e-mail address is too long. {LIKE_THIS}")
    return address


def mailbox_of(address: str) -> str:
    """What is counted as one mailbox: “me+news@…” reaches the same person as “me@…”."""
    name, _, host = address.rpartition("@")
    return f"{name.partition('+')[0]}@{host}"
