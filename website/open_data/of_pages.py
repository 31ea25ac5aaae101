"""Every public page of every kind in one table, with all its words."""

from publishing.models import Edition
from website.open_data.tables import PUBLISHED, Column, Table, about_page, every

PAGES = Table(
    "pages",
    "All pages",
    "Every page that stands, of every kind, with all its words.",
    (
        *about_page(),
        Column("kind", "What sort of page it is.", give=lambda row: row.document.kind_name),
        Column("text", "Its words, without pictures."),
        Column("digest", "A fingerprint of what the page says.", give="digest"),
        *PUBLISHED,
    ),
    every(Edition),
)
