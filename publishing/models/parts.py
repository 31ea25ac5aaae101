"""Parts: the rows of an edition, such as the items of an update, as frozen as the edition."""

import uuid
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models

from publishing.keystrokes import tidy_columns
from publishing.models.contents import column_values
from publishing.richtext import with_derived

LAST_POSITION = 9999


class Part(models.Model):
    """A row of an edition (an item, an answer), as frozen as the edition it hangs on.

    Each model of parts says on which kind: `edition = ForeignKey(TermlyUpdate, CASCADE)`.
    """

    edition: Any
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveIntegerField(
        "order", default=0, validators=[MaxValueValidator(LAST_POSITION)]
    )

    NOT_CONTENT: ClassVar[frozenset[str]] = frozenset({"id", "edition"})

    class Meta:
        abstract = True
        ordering = ["position", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "key"], name="%(class)s_has_one_row_per_key"
            ),
        ]

    def save(self, *args, update_fields=None, **kwargs):
        tidy_columns(self, update_fields)
        super().save(*args, update_fields=with_derived(type(self), update_fields), **kwargs)

    def content(self) -> dict:
        """What a reader reads of this part, ready for JSON."""
        return {"part": self._meta.label, **column_values(self, self.NOT_CONTENT)}

    def words_not_ours(self) -> frozenset[str]:
        """Fields whose words somebody else chose, so that no advice is given on them."""
        return frozenset()

    def plain_text(self) -> str:
        """The words of this part, one paragraph a line."""
        raise NotImplementedError(type(self))
