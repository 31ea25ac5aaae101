"""What the forum of an invented place says of its promises: through a link, as everywhere."""

from programme import forum
from programme.models import ForumCheck, ForumLink
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.models import Edition
from website.story_facts import page, unwrap
from website.telling import Teller


@publishing_lock()
def tell_forum(teller: Teller, story: dict) -> list[Edition]:
    """Adds the answers about promises of which the forum has said nothing yet."""
    told = [(page(facts["promise"]), facts) for facts in story.get("forum_answers", [])]
    answered = set(ForumCheck.objects.values_list("promise", flat=True))
    new = [(promise, facts) for promise, facts in told if promise.pk not in answered]
    if not new:
        return []
    link, _ = actions.give_link(ForumLink, by=teller.publisher)
    added: list[Edition] = [
        forum.answer(promise, facts["answer"], unwrap(facts["words"]), link=link)
        for promise, facts in new
    ]
    actions.take_link_back(link, by=teller.publisher)
    return added
