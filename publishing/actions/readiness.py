"""Whether a release may go on: its drafts, whole and as they were sealed, or why not."""

from collections.abc import Sequence

from publishing.actions.lock import NotAllowed
from publishing.models import Edition, Release
from publishing.whole_editions import as_their_kinds


def unpublished(release: Release, verb: str) -> list[Edition]:
    """The editions of a release that may still be changed, or NotAllowed.

    Their rows are locked: whoever saves one of them meanwhile waits, and then is told. Everybody
    locks an edition before its signatures, so that nobody waits for each other.
    """
    rows = release.editions.select_for_update(of=("self",), no_key=True)
    editions = list(rows.select_related("document").order_by("pk"))
    if not editions:
        raise NotAllowed(verb, "it was thrown away meanwhile.")
    for edition in editions:
        if edition.published_at:
            raise NotAllowed(verb, "it is already public or scheduled.")
        if edition.is_waiting:
            raise NotAllowed(verb, "it waits behind a correction: publish that first.")
    return editions


def refuse_unready(editions: Sequence[Edition], verb: str) -> list[Edition]:
    """The same editions as their kinds have them, with their parts; or NotAllowed."""
    whole = as_their_kinds(editions)
    for edition in whole:
        if edition.compute_digest() != edition.digest:
            raise NotAllowed(
                verb, "its words were changed past the form. Open it and save it again."
            )
        if problems := edition.problems():
            why = " ".join(problem.message for problem in problems)
            raise NotAllowed(verb, why, problems, edition)
    return whole


def refuse_imports(editions: Sequence[Edition], verb: str) -> None:
    for edition in editions:
        if edition.source or edition.originally_at:
            raise NotAllowed(
                verb,
                "it says that it was first published elsewhere. Add it as such, or empty the "
                "fields that say so.",
            )
