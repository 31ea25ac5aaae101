"""The plan, told as promises, and the calendar that it is kept in."""

from programme.models.areas import Area
from programme.models.findings import Finding, Quote
from programme.models.forum import ForumCheck, ForumLink
from programme.models.measures import Measure, Reading
from programme.models.milestone_areas import MilestoneArea
from programme.models.milestone_queries import MilestoneQuerySet
from programme.models.milestones import Milestone
from programme.models.plan_files import PlanFile, RememberedHeading
from programme.models.plans import Plan, PlanReference
from programme.models.roles import Holder, Role
from programme.models.rounds import Check, ProgressRound
from programme.models.terms import LateReason, Term, TermQuerySet, next_term_begins, terms_between
from programme.models.timeline import TimelineEvent, Voice

__all__ = [
    "Area",
    "Check",
    "Finding",
    "ForumCheck",
    "ForumLink",
    "Holder",
    "LateReason",
    "Measure",
    "Milestone",
    "MilestoneArea",
    "MilestoneQuerySet",
    "Plan",
    "PlanFile",
    "PlanReference",
    "ProgressRound",
    "Quote",
    "Reading",
    "RememberedHeading",
    "Role",
    "Term",
    "TermQuerySet",
    "TimelineEvent",
    "Voice",
    "next_term_begins",
    "terms_between",
]
