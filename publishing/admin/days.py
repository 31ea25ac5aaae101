"""How a day is written in staff's forms: config/formats says which ways are taken."""

from django.db import models

NOT_A_DAY = "This is not a day. For example: 1 March 2027."
NOT_A_TIME = "This is not a time. For example: 09:30."

# For `formfield_overrides` of whatever is kept in a form of the admin.
DAYS: dict[type[models.Field], dict] = {
    models.DateField: {"error_messages": {"invalid": NOT_A_DAY}}
}
