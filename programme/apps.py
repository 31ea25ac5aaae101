"""The programme: its calendar today, its plan and promises as they come."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"
    verbose_name = "The programme"
