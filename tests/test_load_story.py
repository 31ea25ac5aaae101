"""A story that cannot be told leaves nothing behind, and says why."""

import pytest
from django.core.management import CommandError

from publishing.models import Document
from tests.test_story import load


def test_a_refused_update_leaves_nothing_behind(author, publisher, second_publisher):
    with pytest.raises(CommandError, match="you edited it"):
        load(author="publisher")

    assert not Document.objects.exists()


def test_an_unknown_log_in_is_named(author):
    with pytest.raises(CommandError, match="There is no log-in “nobody”"):
        load(publisher="nobody")
