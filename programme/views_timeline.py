"""The pages of what happened: in either order, one event, and how its page changed."""

from django.template.response import TemplateResponse

from programme import timeline, voices
from programme.models import TimelineEvent, Voice
from publishing import references
from publishing import views as any_kind
from publishing.pages import public_page


@public_page
def newest_first(request):
    return events(request, oldest_first=False)


@public_page
def oldest_first(request):
    return events(request, oldest_first=True)


def events(request, *, oldest_first):
    asked, wanted = request.GET.get("by", ""), request.GET.get("after", "")
    voice = asked if asked in Voice.values else ""
    after = timeline.event_called(wanted, request.moment) if wanted else None
    is_whole = not (voice or after)
    return TemplateResponse(
        request,
        "programme/events.html",
        {
            "page": timeline.events_page(
                request.moment, voice=voice, oldest_first=oldest_first, after=after
            ),
            "oldest_first": oldest_first,
            "voice": Voice(voice) if voice else None,
            "chips": timeline.chips(request.moment, voice=voice, oldest_first=oldest_first),
            "after": after,
            "was_ignored": (asked and not voice) or (wanted and after is None),
            "others_say": voices.voices(request.moment) if is_whole else None,
        },
    )


def event_page(request, event, *, standing):
    [event] = timeline.looked_at([event], request.moment)
    references.attach(event.findings.all(), request.moment)
    return any_kind.document(request, "programme/event.html", event, standing=standing)


detail, edition, history = any_kind.pages_of(
    TimelineEvent.objects.all(), whole=timeline.whole_events, show=event_page
)
