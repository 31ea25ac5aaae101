"""The plan, told as promises, and the calendar that it is kept in."""

from programme.models.areas import Area
from programme.models.measures import Measure, Reading
from programme.models.milestones import Milestone, MilestoneArea, MilestoneQuerySet
from programme.models.plans import Plan, PlanReference
from programme.models.roles import Holder, Role
from programme.models.terms import Term, TermQuerySet, next_term_begins
from programme.models.timeline import Finding, Quote, TimelineEvent, Voice

__all__ = [
    "Area",
    "Finding",
    "Holder",
    "Measure",
    "Milestone",
    "MilestoneArea",
    "MilestoneQuerySet",
    "Plan",
    "PlanReference",
    "Quote",
    "Reading",
    "Role",
    "Term",
    "TermQuerySet",
    "TimelineEvent",
    "Voice",
    "next_term_begins",
]
