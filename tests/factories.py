"""The things that tests are about, each made by a plain function, through the real actions."""

import datetime as dt
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.text import slugify

from participation.models import Feedback
from programme.models import Area, Milestone, MilestoneArea, Plan, Term
from publishing import actions
from publishing.models import Body, Signer
from updates.models import ProgressItem, TermlyUpdate, YouSaidWeDid
from website.models import InformationPage, PageSection

PASSWORD = "a long password for tests"

FIRST_AND_LAST_DAY = {
    "autumn": ((9, 1), (12, 31)),
    "spring": ((1, 1), (4, 15)),
    "summer": ((4, 16), (7, 31)),
}

_numbers = count(1)


def make_user(role="author", *, signs_for=None, username=None, **fields):
    """A member of staff with one role (or None), a signer for `signs_for` if a body is given."""
    username = username or role or "nobody"
    User = get_user_model()  # noqa: N806 - it is a class
    if User.objects.filter(username=username).exists():
        username = f"{username}{next(_numbers)}"
    user = User.objects.create_user(username, password=PASSWORD, **{"is_staff": True, **fields})
    if role:
        user.groups.add(Group.objects.get(name=role))
    if signs_for:
        Signer.objects.create(body=signs_for, user=user, post=f"Post of {username}")
    return user


def find_user(username: str):
    return get_user_model().objects.filter(username=username).first()


def make_staff() -> dict:
    """An author and a publisher, as factories ask for them."""
    return {
        "by": make_user("author"),
        "publisher": make_user("publisher", signs_for=make_body()),
    }


def make_body(name="Birmingham City Council", *, short_name="Council", must_sign=True):
    """The body, made once however often it is asked for."""
    fields = {"short_name": short_name, "must_sign": must_sign}
    return Body.objects.get_or_create(name=name, defaults=fields)[0]


def make_term(year=2022, season="spring", **fields):
    """The term, made once however often it is asked for."""
    first, last = FIRST_AND_LAST_DAY[season]
    days = {"starts_on": dt.date(year, *first), "ends_on": dt.date(year, *last)}
    return Term.objects.get_or_create(year=year, season=season, defaults={**days, **fields})[0]


def make_update(*, by=None, term=None, slug=None, parts=None, **fields) -> TermlyUpdate:
    """A draft that is ready to be sent for sign-off, by a new author unless `by` is given."""
    term = term or make_term()
    if parts is None:
        parts = [make_item("better"), make_item("not good enough", difference="")]
    values = {
        "title": f"What changed in {term.in_words}",
        "verdict": "Not good enough yet. Inspectors: enough progress on 1 of 13 problems.",
        "in_short": "We hired people.\nYou wait less.\nYou still wait too long.",
        **fields,
    }
    return actions.start_document(
        TermlyUpdate(term=term, **values),
        slug=slug or term.slug,
        by=by or make_user("author"),
        parts=parts,
    )


def make_item(section="better", **fields) -> ProgressItem:
    """An item that is not saved yet, to be given to `make_update(parts=…)`."""
    values = {
        "title": f"Item {next(_numbers)}",
        "body": "We hired 4 people in May.",
        "difference": "You have a name to call.",
        **fields,
    }
    return ProgressItem(section=section, position=next(_numbers), **values)


def make_card(*, by=None, term=None, slug=None, parts=(), **fields) -> YouSaidWeDid:
    """A draft of one “You said, we did”, ready to be sent for sign-off."""
    values = {
        "title": f"Card {next(_numbers)}",
        "said": "Nobody answers the phone.",
        "who_said": "Parents and carers",
        "we_did": "We hired 2 people.",
        "outcome": YouSaidWeDid.Outcome.DONE,
        **fields,
    }
    return actions.start_document(
        YouSaidWeDid(term=term or make_term(), **values),
        slug=slug or slugify(values["title"]),
        by=by or make_user("author"),
        parts=parts,
    )


def make_public_card(*, by=None, publisher=None, **fields) -> YouSaidWeDid:
    return publish_update(make_card(by=by, **fields), publisher=publisher)


def make_page(purpose="help", *, by=None, parts=None, **fields) -> InformationPage:
    """A draft of a page that belongs to no term, ready to be sent for sign-off."""
    values = {
        "title": InformationPage.Purpose(purpose).label,
        "intro": "For your own child, talk to a person.",
        "prepared_on": dt.date(2022, 7, 1),
        **fields,
    }
    if parts is None:
        parts = [make_section(), make_section(heading="A complaint", phone="0121 496 0000")]
    return actions.start_document(
        InformationPage(purpose=purpose, **values),
        slug=purpose,
        by=by or make_user("author"),
        parts=parts,
    )


def make_section(heading="Free advice", **fields) -> PageSection:
    """A section that is not saved yet, to be given to `make_page(parts=…)`."""
    return PageSection(heading=heading, **{"body": "Free and private.", **fields})


def make_public_page(purpose="help", *, by=None, publisher=None, **fields) -> InformationPage:
    return publish_update(make_page(purpose, by=by, **fields), publisher=publisher)


def make_area(number=1, *, by=None, **fields) -> Area:
    """A draft of a problem we must fix, ready to be sent for sign-off."""
    values = {
        "title": f"Problem called {next(_numbers)}",
        "explanation": "Families wait too long.",
        **fields,
    }
    return actions.start_document(
        Area(area_number=number, **values),
        slug=f"{number}-{slugify(values['title'])}",
        by=by or make_user("author"),
    )


def make_plan(*, by=None, parts=(), **fields) -> Plan:
    """A draft of a version of the plan, ready to be sent for sign-off."""
    values = {
        "title": f"Plan {next(_numbers)}",
        "kind": Plan.Kind.ACCELERATED,
        "summary": "How we fix the problems.",
        **fields,
    }
    return actions.start_document(
        Plan(**values), slug=slugify(values["title"]), by=by or make_user("author"), parts=parts
    )


def make_promise(*, by=None, ref="", areas=(), **fields) -> Milestone:
    """A draft of a promise, ready to be sent for sign-off; `areas` are editions of problems."""
    values = {
        "title": f"Promise called {next(_numbers)}",
        "kind": Milestone.Kind.FELT,
        "who": "Head of the EHC plan team",
        "due_words": "May 2022",
        "how_we_will_know": "Every EHC plan comes in 20 weeks.",
        **fields,
    }
    values.setdefault("body", Body.objects.first() or make_body())
    ref = (ref or str(next(_numbers))).replace(".", "_")
    return actions.start_document(
        Milestone(**values),
        slug=f"{ref}-{slugify(values['title'])}",
        by=by or make_user("author"),
        parts=[MilestoneArea(area=area.document) for area in areas],
    )


def make_public_promise(*, by=None, publisher=None, **fields) -> Milestone:
    return publish_update(make_promise(by=by, **fields), publisher=publisher)


def make_public_update(*, by=None, publisher=None, **fields) -> TermlyUpdate:
    """An update that is public now."""
    return publish_update(make_update(by=by, **fields), publisher=publisher)


def sign_off_update(edition, *, publisher=None) -> TermlyUpdate:
    """Sends the draft for sign-off and signs it for every body that must sign."""
    actions.submit(edition.release, by=edition.created_by)
    for body in Body.objects.filter(must_sign=True) or [make_body()]:
        signer = publisher if publisher and signs_for(publisher, body) else make_signer(body)
        actions.sign_off(edition.release, by=signer, body=body)
    return reload(edition)


def publish_update(edition, *, publisher=None) -> TermlyUpdate:
    """Takes a draft through sign-off to the public; the publisher is never its author."""
    edition = sign_off_update(edition, publisher=publisher)
    actions.publish(edition.release, by=publisher or make_signer(Body.objects.first()))
    return reload(edition)


def correct_update(edition, *, by, publisher=None, change_note="A date was wrong.", **fields):
    """Publishes a next edition of a public one, with these fields changed."""
    draft = actions.start_edition(edition.document, by=by)
    change_draft(draft, by=by, change_note=change_note, **fields)
    return publish_update(reload(draft), publisher=publisher)


@transaction.atomic
def change_draft(draft, *, by, **fields):
    """Saves new values into a draft, as the admin does."""
    actions.claim_draft(draft, version=draft.version, by=by)
    draft = reload(draft)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    actions.seal_draft(draft)
    return reload(draft)


def make_signer(body):
    """The first publisher who signs for the body, made if there is none."""
    signer = body.signers.filter(user__groups__name="publisher").first()
    return signer.user if signer else make_user("publisher", signs_for=body)


def signs_for(user, body) -> bool:
    return body.signers.filter(user=user).exists()


def reload(edition):
    """A fresh copy from the database, with nothing cached."""
    return type(edition).objects.get(pk=edition.pk)


def make_message(words="Nobody answers the phone.", *, page="", **fields) -> Feedback:
    """What somebody told us, as the form keeps it."""
    feedback, _ = Feedback.objects.receive(token=f"t{next(_numbers)}", words=words, page=page)
    Feedback.objects.filter(pk=feedback.pk).update(**fields)
    return Feedback.objects.get(pk=feedback.pk)


def make_listener(*, duty=False, **more):
    """Somebody who answers messages and writes drafts; with `duty`, who is on duty for children."""
    user = make_user("author", **more)
    user.groups.add(Group.objects.get(name="duty officer" if duty else "listener"))
    return user
