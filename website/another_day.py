"""The way into the time machine: a form that leads to a page as it was on some day."""

from urllib.parse import urlsplit

from django import forms
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from participation.public_forms import page_of_ours
from programme.board import DayField, explain, readable
from publishing import day_addresses, days
from publishing.pages import page_of_today


class AnotherDayForm(forms.Form):
    day = DayField("Which day?")

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["day"].widget.attrs["max"] = today.isoformat()
        if self.is_bound:
            explain(self)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(f"Which day: {day:%-d %B %Y} has not come yet.")
        return day


def with_its_question(address: str) -> str:
    """The page of ours that an address names, with what it asks of that page; else the first."""
    page = page_of_ours(address)
    query = urlsplit(address).query if page else ""
    return f"{page or '/'}{'?' if query else ''}{query}"


@page_of_today
def another_day(request):
    page = with_its_question(request.GET.get("page", ""))
    asked = {"day": readable(request.GET["day"])} if "day" in request.GET else None
    form = AnotherDayForm(asked, today=request.moment.day)
    if form.is_valid():
        return HttpResponseRedirect(day_addresses.on(form.cleaned_data["day"], page))
    return TemplateResponse(
        request,
        "website/another_day.html",
        {"form": form, "page": page, "first_day": days.first_day()},
    )
