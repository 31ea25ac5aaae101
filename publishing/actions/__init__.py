"""The publishing verbs. Each is atomic, asks who does it, and leaves its line in the ledger.

Lock → check → change → ledger. They take no request and send no mail; they raise NotAllowed with
a sentence for the person who asked. Nothing else writes publication facts.
"""

from publishing.actions.drafts import (
    NewPage,
    claim_draft,
    discard_draft,
    join_release,
    leave_release,
    rewrite_draft,
    slip_in_correction,
    start_document,
    start_edition,
)
from publishing.actions.facts import seal_draft
from publishing.actions.going_public import (
    import_from_elsewhere,
    publish,
    release_due,
    schedule,
    unschedule,
    unschedule_unfit,
)
from publishing.actions.lock import NotAllowed, Stale, renew_pages
from publishing.actions.many import gather_drafts, start_documents
from publishing.actions.outside import give_link, say_through_link, take_link_back
from publishing.actions.redaction import confirm_redaction, redact
from publishing.actions.rendering import rerender
from publishing.actions.signing import return_to_author, sign_off, submit
from publishing.actions.small_fixes import confirm_small_fix, small_fix
from publishing.actions.withdrawals import confirm_withdrawal, reinstate, withdraw

__all__ = [
    "NewPage",
    "NotAllowed",
    "Stale",
    "claim_draft",
    "confirm_redaction",
    "confirm_small_fix",
    "confirm_withdrawal",
    "discard_draft",
    "gather_drafts",
    "give_link",
    "import_from_elsewhere",
    "join_release",
    "leave_release",
    "publish",
    "redact",
    "reinstate",
    "release_due",
    "renew_pages",
    "rerender",
    "return_to_author",
    "rewrite_draft",
    "say_through_link",
    "schedule",
    "seal_draft",
    "sign_off",
    "slip_in_correction",
    "small_fix",
    "start_document",
    "start_documents",
    "start_edition",
    "submit",
    "take_link_back",
    "unschedule",
    "unschedule_unfit",
    "withdraw",
]
