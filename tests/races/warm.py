"""What every racing process has loaded before it is forked: the site, without a connection."""

import django
from django.conf import settings

# The pages of staff name static files, which nobody collects for a race.
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
django.setup()

from django.db import connections  # noqa: E402
from django.template.loader import get_template  # noqa: E402
from django.test import Client  # noqa: E402

from tests.races import deeds  # noqa: E402, F401

# One visit loads what is loaded late: views, forms, middleware, sessions, templates.
Client().get("/admin/login/")
for name in (
    "admin/change_form.html",
    "admin/edit_inline/stacked.html",
    "admin/includes/fieldset.html",
    "admin/publishing/act.html",
    "admin/publishing/edition_form.html",
    "admin/submit_line.html",
):
    get_template(name)
connections.close_all()
