"""How it stands with a goal: pure rules, without a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LAG_PERCENT = 25
"""How many points the part done may be behind the part of the time that has passed."""


class Outlook(StrEnum):
    """How it stands with a goal."""

    ON_TRACK = 'on_track'
    AT_RISK = 'at_risk'
    ACHIEVED = 'achieved'
    MISSED = 'missed'


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneState:
    """A milestone, as far as the rules need it."""

    due_on: date | None
    is_reached: bool


def of_goal(
    *, is_achieved: bool, begun_on: date, due_on: date | None, parts: Sequence[MilestoneState], today: date
) -> Outlook:
    """Return how it stands with a personal goal.

    Achieved: the learner has said so, whenever that was. Missed: its day is over, and it is not achieved.
    At risk: a milestone's day is over and it is not reached; or the goal has a day and milestones, and the share of
    the milestones reached is more than `LAG_PERCENT` points behind the share of the days that have passed.
    On track otherwise, and always if there is neither a day nor an overdue milestone.
    """
    if is_achieved:
        return Outlook.ACHIEVED
    if due_on is not None and due_on < today:
        return Outlook.MISSED
    if any(not part.is_reached and part.due_on is not None and part.due_on < today for part in parts):
        return Outlook.AT_RISK
    if due_on is None or not parts or due_on <= begun_on:
        return Outlook.ON_TRACK
    passed = min(100, max(0, (today - begun_on).days * 100 // (due_on - begun_on).days))
    reached = sum(part.is_reached for part in parts) * 100 // len(parts)
    return Outlook.AT_RISK if passed - reached > LAG_PERCENT else Outlook.ON_TRACK


def of_week(*, done: int, goal: int, days_gone: int, is_first: bool = False, is_over: bool = False) -> Outlook:
    """Return how it stands with the goal of a week, of which `days_gone` (0–6) whole days are over.

    Achieved: as many checkpoints are done as were wanted. At risk: fewer than the share of the days that are over
    asks for, rounded down. The week in which the learner joined the course (`is_first`) began without them, so it is
    never at risk. Missed: the week is over (`is_over`), and less is done; a week that is not over is never missed.
    """
    if done >= goal:
        return Outlook.ACHIEVED
    if is_over:
        return Outlook.MISSED
    return Outlook.ON_TRACK if is_first or done >= goal * days_gone // 7 else Outlook.AT_RISK
