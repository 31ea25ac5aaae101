"""Taking a page down at once, confirming that, and putting it back."""

from publishing import ledger
from publishing.actions.facts import end_withdrawal, newest_public, take_off_schedule
from publishing.actions.lock import NotAllowed, publishing_lock, require
from publishing.models import Document, Withdrawal


def withdraw(document: Document, *, by, reason: str, reaches_past: bool = False) -> Withdrawal:
    """Takes a page down now, by one person; its address answers with the date and the reason.

    `reaches_past` also removes what it said until now from its history and from past days. It can
    be added to a withdrawal in force.
    """
    verb = "take this page down"
    require(by, "publish_release", verb)
    with publishing_lock() as lock:
        if why := document.kind_model.WHY_NEVER_WITHDRAWN:
            raise NotAllowed(verb, why)
        if not reason.strip():
            raise NotAllowed(verb, "give the reason: the public will read it.")
        if newest_public(document, lock.now) is None:
            raise NotAllowed(verb, "it is not public.")
        for edition in document.editions.scheduled(lock.now):
            take_off_schedule(edition.release)
        withdrawal = document.withdrawal
        if withdrawal is None:
            withdrawal = Withdrawal.objects.create(
                document=document,
                from_at=lock.now,
                reason=reason.strip(),
                reaches_past=reaches_past,
                by=by,
            )
        elif withdrawal.reaches_past or not reaches_past:
            raise NotAllowed(verb, "it is already down.")
        else:
            Withdrawal.objects.filter(pk=withdrawal.pk).update(reaches_past=True)
        deed = ledger.Deed(
            event=ledger.Event.REMOVED if reaches_past else ledger.Event.WITHDRAWN,
            document=document,
            by=by,
            effective_at=lock.now,
            note=reason.strip(),
        )
        ledger.append([deed], recorded_at=lock.recorded_at)
    return withdrawal


def confirm_withdrawal(document: Document, *, by) -> None:
    """A second person agrees that the page had to come down."""
    verb = "confirm this"
    require(by, "sign_off_release", verb)
    with publishing_lock() as lock:
        withdrawal = document.withdrawal
        if withdrawal is None:
            raise NotAllowed(verb, "the page is not down.")
        if withdrawal.by_id == by.pk:
            raise NotAllowed(verb, "you took it down. A second person must confirm it.")
        if withdrawal.confirmed_at:
            raise NotAllowed(verb, "it is already confirmed.")
        Withdrawal.objects.filter(pk=withdrawal.pk).update(confirmed_at=lock.now, confirmed_by=by)


def reinstate(document: Document, *, by) -> None:
    """Puts a page back as it was. Who took it down cannot do this alone.

    Until it is confirmed, a second person may also undo a withdrawal that reached the past.
    """
    verb = "put this page back"
    require(by, "publish_release", verb)
    with publishing_lock() as lock:
        withdrawal = document.withdrawal
        if withdrawal is None:
            raise NotAllowed(verb, "it is not down.")
        if withdrawal.by_id == by.pk:
            raise NotAllowed(verb, "you took it down. A second person must put it back.")
        if withdrawal.reaches_past and withdrawal.confirmed_at:
            raise NotAllowed(
                verb,
                "two people agreed to remove its old text everywhere. Correct the page and "
                "publish that: the page comes back with the new text.",
            )
        end_withdrawal(withdrawal, by, lock, is_reversed=withdrawal.reaches_past)
