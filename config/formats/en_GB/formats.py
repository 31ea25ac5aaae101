"""As families read dates: Django's own would print “1 Mar 2027” and refuse to take it back."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
# The first one also fills the fields, for the calendar beside them reads digits alone.
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"]
