"""Rule 2: a public address serves everybody without a cookie; a staff address refuses strangers."""

from itertools import product
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import resolve

from publishing import actions, attachments, moments
from publishing.admin.editions import EditionAdmin
from publishing.models import Attachment, Body, Edition
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from tests.house_rules.walking import (
    FORUM_FORMS,
    FORUM_PAGES,
    MAIL_FORMS,
    MAIL_PAGES,
    PUBLIC_FORMS,
    TOKEN,
    content_type_of,
    crawl,
    public_addresses,
    public_routes,
    routes,
    staff_addresses,
    visit,
    visitor,
)
from website.models import PrivacyReport

pytestmark = pytest.mark.django_db
# What is answered, and to whom, is decided before a database is asked. That every address of the
# public and of staff is answered at all is seen on both.
once = pytest.mark.once

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=()",
}
# Public addresses that no cache may keep, each with its reason.
NEVER_KEPT = {
    "/healthz": "it tells a machine how the site is at this instant",
    "/private/sent/": "it answers what one person has just sent",
    **PUBLIC_FORMS,
}


def is_never_kept(path: str) -> bool:
    """Also whatever our e-mails lead to, and the forum's link: it is one person's."""
    return path in NEVER_KEPT or path.startswith((MAIL_PAGES, FORUM_PAGES))


# What any member of staff may open, whatever their role.
FOR_ALL_STAFF = (
    "/admin/",
    "/admin/login/",
    "/admin/logout/",
    "/admin/jsi18n/",
    "/admin/password_change/",
    "/admin/password_change/done/",
)
# Django's own staff pages on which nothing of ours stands.
SAY_NOTHING = ("/admin/jsi18n/", "/admin/password_change/", "/admin/password_change/done/")


@pytest.fixture(scope="module")
def secret():
    return filling.word("secret")


@pytest.fixture(scope="module")
def world(secret, one_transaction):
    """A public page, its history, a draft, a page that was taken down, and a row of each model."""
    by = factories.make_signer(factories.make_body())
    first = filling.make_public_together({kind: filling.word("public") for kind in kinds()})
    second = filling.publish_together(
        filling.correct_together(first, {kind: filling.word("second") for kind in kinds()})
    )
    for kind in filling.staff_kinds():
        filling.correct(second[kind], secret)
        filling.make(kind, f"{secret} too", slug=f"{secret}-too")
    down = {kind: filling.word("down") for kind in kinds() if filling.can_come_down(kind)}
    for page in filling.make_public_together(down).values():
        actions.withdraw(page.document, by=by, reason="It was <b>wrong</b> & old.")
    filling.new_term("")
    filling.new_plan_file(filling.word("file"))
    filling.new_reader("")
    filling.new_forum_link()
    Group.objects.get_or_create(name="author")
    # Every member of staff may read it, so it does not hold the secret.
    PrivacyReport.objects.create(page="/", words="A name.")
    filling.new_message(secret)


@pytest.fixture(scope="module")
def walk(world):
    """Answers to GET of every public address and of all that they lead to."""
    return crawl()


@pytest.fixture(scope="module")
def seen_by_strangers(world):
    """What a stranger is answered at every address of the staff."""
    return [visit(path) for path in staff_addresses()]


@pytest.fixture(scope="module")
def seen_by_staff(world):
    """What a publisher is answered there, but for the door to the outside."""
    client = visitor()
    client.force_login(factories.make_signer(Body.objects.first()))
    return [visit(path, client=client) for path in staff_addresses() if path != "/admin/logout/"]


def is_told_apart(answer) -> bool:
    vary = set(answer.headers.get("Vary", "").lower().split(", "))
    return "Set-Cookie" in answer.headers or "cookie" in vary


@once
def test_a_public_address_is_kept_by_caches_and_sets_no_cookie(walk, db):
    faults = []
    for answer in walk:
        path = urlsplit(answer.path).path
        control = answer.headers.get("Cache-Control", "").split(", ")
        is_kept = {"public", "max-age=60"} <= set(control)
        wanted = not is_never_kept(path) and answer.status in {200, 410}
        # Staff who are logged in may see the files of drafts, and of what was taken down.
        may_ask_who = answer.is_form or (path.startswith("/files/") and answer.status != 200)
        if is_told_apart(answer) and not may_ask_who:
            faults.append(f"{answer} is told apart")
        if (wanted and not is_kept) or answer.status >= 500:
            faults.append(f"{answer} is not kept")
        if is_never_kept(path) and answer.status == 200 and "no-store" not in control:
            faults.append(f"{answer} is kept")
        if TOKEN.search(answer.body) and not answer.is_form:
            faults.append(f"{answer} carries a form's token")

    assert faults == []


@once
def test_each_public_form_is_found_and_carries_its_token(walk, db):
    forms = {urlsplit(answer.path).path for answer in walk if TOKEN.search(answer.body)}

    assert forms == PUBLIC_FORMS.keys()


@once
def test_the_walk_sees_pages_that_stand_and_pages_that_were_taken_down(walk, db):
    statuses = {answer.status for answer in walk}

    assert {200, 404, 410} <= statuses
    assert {route.name for route in public_routes()} < {route.name for route in routes()}


def test_every_link_on_a_public_page_leads_to_a_page(walk, db):
    asked_for = set(public_addresses())

    followed = [answer for answer in walk if answer.path not in asked_for]

    assert [str(answer) for answer in followed if answer.status not in {200, 410}] == []


def two_of_each_sort(walk) -> list:
    """The first and the last answer of each route and each status."""
    found: dict[tuple, list] = {}
    for answer in walk:
        route = resolve(urlsplit(answer.path).path).view_name
        found.setdefault((route, answer.status), []).append(answer)
    return [each for answers in found.values() for each in {*answers[:1], *answers[-1:]}]


@once
def test_head_and_staff_are_answered_as_everybody_is(walk, publisher):
    staff = visitor()
    staff.force_login(publisher)
    readable = set(attachments.readable(moments.now()))
    hidden = {f.get_absolute_url() for f in Attachment.objects.all() if f not in readable}

    assert hidden
    for get in two_of_each_sort(walk):
        path = get.path
        head, for_staff = visit(path, "head"), visit(path, client=staff)

        assert (head.status, head.body) == (get.status, b"")
        assert without_clock(head) == without_clock(get), path
        if path in hidden:  # staff see the files of drafts, and no cache between may keep them
            assert for_staff.status == 200
            assert "no-store" in for_staff.headers["Cache-Control"]
        else:
            assert without_clock(for_staff) == without_clock(get), path
            assert for_staff.stable_body == get.stable_body, path


def without_clock(answer):
    """Nor the ETag, which Django computes from a body: an answer to HEAD may leave it out."""
    without = {"Expires", "ETag"}
    return {name: value for name, value in answer.headers.items() if name not in without}


@once
def test_a_public_address_takes_nothing_but_reading(world):
    methods = ["post", "put", "patch", "delete", "trace", "options"]

    answers = [
        visit(path, method)
        for path in public_addresses()
        for method in methods
        if method != "post"
        or not (path in PUBLIC_FORMS or MAIL_FORMS.match(path) or FORUM_FORMS.match(path))
    ]

    assert [str(answer) for answer in answers if answer.status not in {403, 404, 405}] == []


# Staff addresses


@once
def test_a_staff_address_refuses_a_stranger(seen_by_strangers, secret, db):
    posted = [visit(path, "post") for path in staff_addresses()]
    for answer in [*seen_by_strangers, *posted]:
        path = answer.path
        is_door = path in {"/admin/login/", "/admin/logout/"}
        to_the_door = answer.headers.get("Location", "").startswith("/admin/login/")
        assert is_door or to_the_door or answer.status in {403, 404, 405}, str(answer)
        assert secret not in answer.text + str(answer.headers).replace(path, "")


@once
def test_a_staff_address_refuses_staff_without_a_role(world, secret):
    client = visitor()
    client.force_login(factories.make_user(None))
    paths = [path for path in staff_addresses() if not path.startswith("/admin/r/")]
    paths.sort(key="/admin/logout/".__eq__)  # at the end
    for path, method in product(paths, ["get", "post"]):
        answer = visit(path, method, client=client)

        is_for_all = path in FOR_ALL_STAFF
        goes_on_inside = answer.headers.get("Location", "").startswith((path, "/admin/login/"))
        assert is_for_all or goes_on_inside or answer.status in {403, 404, 405}, str(answer)
        assert secret not in answer.text, str(answer)


@once
def test_staff_without_a_role_do_not_learn_a_draft_s_address(world, secret):
    client = visitor()
    client.force_login(factories.make_user(None))
    drafts = Edition.objects.filter(document__slug=f"{secret}-too")

    assert len(drafts) == len(filling.staff_kinds())
    for draft in drafts:
        path = f"/admin/r/{content_type_of(draft.concrete)}/{draft.pk}/"
        assert secret not in str(visit(path, client=client).headers)


def test_no_cache_keeps_what_staff_see(seen_by_staff, db):
    for answer in seen_by_staff:
        if answer.path in SAY_NOTHING:
            continue
        assert answer.status < 500, str(answer)
        assert answer.status != 200 or "no-store" in answer.headers["Cache-Control"], str(answer)


@once
def test_staff_addresses_are_walked_for_every_model_and_act(world):
    paths = staff_addresses()

    for kind in kinds():
        own = f"/admin/{kind._meta.app_label}/{kind._meta.model_name}/"
        for page in ("add/", "preview/", "changes/", "do/publish/", "change/", "history/"):
            found = [path for path in paths if path.startswith(own) and path.endswith(page)]
            assert found or kind is not kinds()[0], page
        # What is not tried at every kind, because all have it from the same class.
        mine = type(admin.site._registry[kind])
        assert mine.act_view is EditionAdmin.act_view
        assert any(path.startswith(f"{own}{kind._base_manager.first().pk}/do/") for path in paths)


# Security headers


def faults_of(answers):
    return [
        f"{answer}: {name}"
        for answer in answers
        for name, value in SECURITY_HEADERS.items()
        if value not in answer.headers.get(name, "")
        and not is_sandboxed(name, answer)
        and not tells_even_less(name, answer)
    ]


def tells_even_less(name, answer) -> bool:
    """The address of some pages is a key: not even our own pages hear it."""
    return name == "Referrer-Policy" and answer.headers.get(name) == "no-referrer"


def is_sandboxed(name, answer) -> bool:
    return name == "Content-Security-Policy" and answer.headers.get(name, "").startswith("sandbox")


@once
def test_every_answer_carries_the_security_headers(walk, seen_by_strangers, seen_by_staff, db):
    answers = [*walk, *seen_by_strangers, *seen_by_staff]
    answers += [visit(path, "post") for path in public_addresses()]

    assert {200, 302, 404, 405, 410} <= {answer.status for answer in answers}
    assert faults_of(answers) == []


@once
@pytest.mark.parametrize(
    ("path", "extra", "status"),
    [
        ("/no/such/page", {}, 404),
        ("/no-such-page", {}, 301),
        ("/updates", {}, 301),
        ("/", {"HTTP_HOST": "evil.example"}, 400),
    ],
)
def test_also_an_answer_that_no_page_gave_carries_them(path, extra, status):
    answer = visit(path, **extra)

    assert answer.status == status
    assert faults_of([answer]) == []


@once
def test_also_a_refused_form_carries_them(world, publisher):
    client = Client(enforce_csrf_checks=True)
    client.force_login(publisher)

    answer = visit("/admin/logout/", "post", client=client)

    assert answer.status == 403
    assert faults_of([answer]) == []


@once
def test_also_an_error_carries_them_and_no_cache_keeps_it(monkeypatch):
    monkeypatch.setattr(moments, "now", lambda: 1 / 0)

    answer = visit("/")

    assert answer.status == 500
    assert answer.headers["Cache-Control"] == "no-store"
    assert faults_of([answer]) == []
