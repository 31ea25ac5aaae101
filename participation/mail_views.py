"""The pages of our e-mails. A GET shows a button; only the POST behind it does something.

None of them sets a cookie or needs one: who holds a signed link may do what it says, and what
anybody may ask for is counted. So there is nothing that another site could make a visitor do.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation import following
from participation.mail_forms import AskForm, SettingsForm
from participation.models import Follow
from participation.news import title_of
from participation.public_forms import private_page, sender_of
from publishing.moments import MomentRequest

WHAT_LINKS_ARE_FOR = {
    following.CONFIRM: "to say yes",
    following.SETTINGS: "to choose",
    following.STOP: "to stop",
}
TOO_OFTEN = "We have had many requests from your connection today. Try again tomorrow."


# Asking


@private_page
def ask(request: MomentRequest):
    key = (request.POST if request.method == "POST" else request.GET).get("about", "")
    page = following.page_to_follow(key, request.moment)
    facts = {"page": page, "title": title_of(page) if page else ""}
    if request.method != "POST":
        return ask_page(request, AskForm(**facts), page)
    if request.POST.get("website"):
        # A person does not see this field; a program that fills in every field does.
        return HttpResponseRedirect(reverse("participation:email_asked"))
    form = AskForm(request.POST, **facts)
    if not form.is_valid():
        return ask_page(request, form, page)
    said = form.cleaned_data
    document = page.document if page and said["what"] == Follow.What.PAGE else None
    sender, now = sender_of(request), timezone.now()
    try:
        following.ask(said["email"], said["what"], document, sender=sender, now=now)
    except following.AskedTooOften:
        form.add_error("email", TOO_OFTEN)
        return ask_page(request, form, page, status=429)
    return HttpResponseRedirect(reverse("participation:email_asked"))


def ask_page(request, form, page, *, status=200):
    context = {"form": form, "page": page, "about": title_of(page) if page else ""}
    return TemplateResponse(request, "participation/mail_ask.html", context, status=status)


@never_cache
@require_safe
def asked(request: HttpRequest):
    return TemplateResponse(request, "participation/mail_asked.html")


@private_page
def confirm(request: MomentRequest, token: str):
    follow = following.follow_of(token)
    what = following.what_is_followed(follow, request.moment) if follow else None
    if follow is None or what is None:
        return old_link(request, following.CONFIRM)
    if request.method != "POST":
        return TemplateResponse(request, "participation/mail_confirm.html", {"what": what})
    follow.confirm(timezone.now())
    address = following.link(following.SETTINGS, follow.subscriber)
    return HttpResponseRedirect(f"{address}?done=confirmed")


# Choosing, and stopping


@private_page
def choose(request: MomentRequest, token: str):
    subscriber = following.subscriber_of(following.SETTINGS, token)
    if subscriber is None:
        return old_link(request, following.SETTINGS)
    follows = following.in_words(subscriber, request.moment)
    form = SettingsForm(request.POST or None, follows=follows, pace=subscriber.pace)
    if request.method == "POST":
        if "erase" in request.POST:
            subscriber.erase()
            return HttpResponseRedirect(reverse("participation:email_erased"))
        if "stop" in request.POST:
            subscriber.stop(timezone.now())
            return HttpResponseRedirect(f"{request.path}?done=stopped")
        if "again" in request.POST:
            subscriber.start_again()
            return HttpResponseRedirect(f"{request.path}?done=again")
        if form.is_valid():
            subscriber.choose(**form.cleaned_data, now=timezone.now())
            return HttpResponseRedirect(f"{request.path}?done=saved")
    context = {
        "form": form,
        "subscriber": subscriber,
        "done": request.GET.get("done", ""),
        "follows": follows,
    }
    return TemplateResponse(request, "participation/mail_settings.html", context)


@private_page
def stop(request: HttpRequest, token: str):
    """One button; also what a mail program posts to when its own “unsubscribe” is pressed."""
    subscriber = following.subscriber_of(following.STOP, token)
    if subscriber is None:
        is_erased = following.read(following.STOP, token) is not None
        return old_link(request, following.STOP, is_erased=is_erased)
    if request.method == "POST":
        subscriber.stop(timezone.now())
    settings = following.link(following.SETTINGS, subscriber)
    context = {"subscriber": subscriber, "settings": settings}
    return TemplateResponse(request, "participation/mail_stop.html", context)


@never_cache
@require_safe
def erased(request: HttpRequest):
    return TemplateResponse(request, "participation/mail_erased.html")


def old_link(request: HttpRequest, purpose: str, *, is_erased: bool = False):
    """200, because an answer that says “not found” would be logged, with the link in it."""
    context = {"to": WHAT_LINKS_ARE_FOR[purpose], "is_erased": is_erased}
    return TemplateResponse(request, "participation/mail_old_link.html", context)
