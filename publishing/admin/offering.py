"""Which verbs stand on a page for whom, and what a signer is told of four eyes."""

from typing import NamedTuple

from publishing.admin.acts import ACTS, Act
from publishing.models import Edition, Stage


class Offer(NamedTuple):
    """The verbs that make sense now for a person, and what a signer should know before a click."""

    acts: list[Act]
    says: str = ""


def offer(edition: Edition, user, *, may_change: bool) -> Offer:
    """What is allowed, the actions decide."""
    stage = edition.stage()
    acts = [act for act in ACTS.values() if act.fits(edition, stage, user)]
    bars_editors = any(act.bars_editors for act in acts)
    is_signer = user.has_perm("publishing.sign_off_release")
    has_edited = (bars_editors or is_signer) and edition.signing_release.was_edited_by(user)
    if has_edited and bars_editors:
        verb = "publishes" if stage == Stage.SIGNED_OFF else "signs"
        says = f"You edited this, so somebody else {verb} it." if is_signer else ""
        return Offer([act for act in acts if not act.bars_editors], says)
    still_open = stage in {Stage.DRAFT, Stage.IN_REVIEW, Stage.SIGNED_OFF}
    if is_signer and may_change and still_open and not has_edited:
        return Offer(acts, "If you change this, somebody else must sign it.")
    return Offer(acts)
