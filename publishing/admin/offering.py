"""Which verbs stand on a page for whom, and what a signer is told of four eyes."""

from publishing.admin.acts import ACTS, Act
from publishing.models import Edition, Stage


def fitting(edition: Edition, user) -> list[Act]:
    stage = edition.stage()
    return [act for act in ACTS.values() if act.fits(edition, stage, user)]


def offered(edition: Edition, user) -> list[Act]:
    """The verbs that make sense now for this person. What is allowed, the actions decide."""
    acts = fitting(edition, user)
    if any(act.bars_editors for act in acts) and edition.signing_release.was_edited_by(user):
        return [act for act in acts if not act.bars_editors]
    return acts


def said_to_signer(edition: Edition, user, *, may_change: bool) -> str:
    """What a signer should know of four eyes before a click; empty for everybody else."""
    stage = edition.stage()
    if not user.has_perm("publishing.sign_off_release"):
        return ""
    if edition.signing_release.was_edited_by(user):
        verb = "publishes" if stage == Stage.SIGNED_OFF else "signs"
        is_barred = any(act.bars_editors for act in fitting(edition, user))
        return f"You edited this, so somebody else {verb} it." if is_barred else ""
    if may_change and stage in {Stage.DRAFT, Stage.IN_REVIEW, Stage.SIGNED_OFF}:
        return "If you change this, somebody else must sign it."
    return ""
