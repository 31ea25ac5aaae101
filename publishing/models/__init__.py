"""Documents and their editions, releases and their signatures, and the ledger of it all."""

from publishing.models.attachments import Attachment, EditionFile, EditionPicture
from publishing.models.documents import Document, Redaction, Withdrawal, slug_of
from publishing.models.editions import Edition, EditionEditor, Problem, Stage
from publishing.models.ledger import LedgerEntry, LedgerText, SiteVersion
from publishing.models.outside import OutsideLink
from publishing.models.parts import Part
from publishing.models.releases import (
    Body,
    Release,
    SentBack,
    Signer,
    SignOff,
    SmallFixConfirmation,
    UnsignedBody,
    know_who_signed,
)
from publishing.models.standing import EditionQuerySet

__all__ = [
    "Attachment",
    "Body",
    "Document",
    "Edition",
    "EditionEditor",
    "EditionFile",
    "EditionPicture",
    "EditionQuerySet",
    "LedgerEntry",
    "LedgerText",
    "OutsideLink",
    "Part",
    "Problem",
    "Redaction",
    "Release",
    "SentBack",
    "SignOff",
    "Signer",
    "SiteVersion",
    "SmallFixConfirmation",
    "Stage",
    "UnsignedBody",
    "Withdrawal",
    "know_who_signed",
    "slug_of",
]
