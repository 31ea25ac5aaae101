"""The plan, told as promises, and the calendar that it is kept in."""

from programme.models.areas import Area
from programme.models.milestones import Milestone, MilestoneArea, MilestoneQuerySet
from programme.models.plan_files import PlanFile, RememberedHeading
from programme.models.plans import Plan, PlanReference
from programme.models.rounds import Check, ProgressRound
from programme.models.terms import Term, TermQuerySet, next_term_begins

__all__ = [
    "Area",
    "Check",
    "Milestone",
    "MilestoneArea",
    "MilestoneQuerySet",
    "Plan",
    "PlanFile",
    "PlanReference",
    "ProgressRound",
    "RememberedHeading",
    "Term",
    "TermQuerySet",
    "next_term_begins",
]
