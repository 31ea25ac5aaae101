"""The Frictionless data package: what the files hold, in words that machines read."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from publishing.moments import Moment
from website.open_data.tables import Table

LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


def package(tables: Iterable[Table], moment: Moment, *, query: str = "") -> dict:
    """The description of all tables. `query` is what the addresses of their files end with."""
    return {
        "profile": "data-package",
        "name": "together-we-can",
        "title": f"{settings.SITE_NAME}, {settings.SITE_PLACE}: open data",
        "homepage": f"{settings.SITE_URL}/data/",
        "licenses": [LICENCE],
        "version": moment.day.isoformat(),
        "resources": [resource(table, query) for table in tables],
    }


def resource(table: Table, query: str) -> dict:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": table.about,
        "path": f"{table.name}.csv{query}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [
                {"name": column.name, "type": column.type, "description": column.meaning}
                for column in table.columns
            ],
            "missingValues": [""],
        },
    }
