"""How long a time is, as people say it: how late something is, how far a date has moved."""

import datetime as dt

# In days: from here on people count in the larger unit.
LONG_IN_WEEKS, LONG_IN_MONTHS, LONG_IN_YEARS = 14, 60, 3 * 365
A_WEEK, A_MONTH, A_YEAR = 7, 365.25 / 12, 365.25


def in_words(length: dt.timedelta) -> str:
    """“1 day”, “3 weeks”, “12 months”, “5 years”, to the nearest whole one; of either sign."""
    days = abs(length.days)
    number, unit = days, "day"
    if days >= LONG_IN_YEARS:
        number, unit = round(days / A_YEAR), "year"
    elif days >= LONG_IN_MONTHS:
        number, unit = round(days / A_MONTH), "month"
    elif days >= LONG_IN_WEEKS:
        number, unit = round(days / A_WEEK), "week"
    return f"{number} {unit}{'' if number == 1 else 's'}"
