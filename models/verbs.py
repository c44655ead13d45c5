"""The traits of the verbs: what the product has to know of an activity, stated once, where the verb is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from models.enums import Verb


class Audience(StrEnum):
    """Who may know of an activity or another event; `services/core/audience.py` makes channels of it."""

    COURSE = 'course'
    """everybody in the course"""
    STAFF_AND_SELF = 'staff_and_self'
    """the instructors of the course, and the people it is about"""
    STAFF = 'staff'
    """the instructors of the course"""
    SELF = 'self'
    """the person alone"""


class Done(StrEnum):
    """When the person did what the log says in their name."""

    NOW = 'now'
    """at this moment: a sign of life"""
    BEFORE = 'before'
    """some time ago; it sums up what has ended, or was noticed late"""
    FOR_THEM = 'for_them'
    """not at all: it follows from something else, which another person may have done"""


class Tapped(StrEnum):
    """Where a learner's screen may send a verb as a tap."""

    NEVER = 'never'
    IN_CLASS = 'in_class'
    ANYWHERE = 'anywhere'


class Status(StrEnum):
    """How a checkpoint stands after an activity."""

    IN_PROGRESS = 'in_progress'
    COMPLETED = 'completed'


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is true of every activity with one verb; see the table below."""

    audience: Audience
    done: Done
    tapped: Tapped = Tapped.NEVER
    status: Status | None = None
    """how the checkpoint stands afterwards; None if the verb does not move progress"""
    moves_percentage: bool = False
    """whether the percentage has to be counted again"""
    moves_enrollment: bool = False
    """whether the learner stands differently in the course afterwards: percentage, completion, pause"""
    moves_attendance: bool = False
    moves_position: bool = False
    """whether the learner is at another place in a video or document afterwards"""
    moves_help: bool = False
    """whether it can change a help request"""
    stuck: bool | None = None
    """whether the learner is stuck afterwards; None if that stays as it was"""
    counts_as_study: bool = False
    """whether its seconds are time of study"""
    can_be_archived: bool = False
    """whether it may leave the log for a file once it is old (`services/activity/archive.py` reads it there)"""

    @property
    def is_sign_of_life(self) -> bool:
        """Tell whether the person is at work at this moment."""
        return self.done is Done.NOW

    @property
    def is_own_deed(self) -> bool:
        """Tell whether the person did it themselves, now or before."""
        return self.done is not Done.FOR_THEM

    @property
    def moves_progress(self) -> bool:
        """Tell whether a checkpoint can stand differently afterwards."""
        return self.status is not None


TRAITS: dict[Verb, Traits] = {
    Verb.SIGNED_IN: Traits(audience=Audience.SELF, done=Done.NOW, can_be_archived=True),
    Verb.SIGNED_OUT: Traits(audience=Audience.SELF, done=Done.NOW, can_be_archived=True),
    Verb.SECOND_FACTOR_ADDED: Traits(audience=Audience.SELF, done=Done.NOW),
    Verb.SECOND_FACTOR_REMOVED: Traits(audience=Audience.SELF, done=Done.FOR_THEM),
    Verb.ENROLLED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.BEFORE),
    Verb.JOINED: Traits(
        audience=Audience.STAFF_AND_SELF,
        done=Done.NOW,
        tapped=Tapped.IN_CLASS,
        moves_attendance=True,
    ),
    Verb.LEFT: Traits(
        audience=Audience.STAFF_AND_SELF,
        done=Done.BEFORE,
        tapped=Tapped.IN_CLASS,
        moves_attendance=True,
    ),
    Verb.ALIAS_SWAPPED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW),
    Verb.STARTED: Traits(
        audience=Audience.STAFF_AND_SELF,
        done=Done.NOW,
        tapped=Tapped.ANYWHERE,
        status=Status.IN_PROGRESS,
    ),
    Verb.COMPLETED: Traits(
        audience=Audience.STAFF_AND_SELF,
        done=Done.NOW,
        tapped=Tapped.ANYWHERE,
        status=Status.COMPLETED,
        moves_percentage=True,
        moves_enrollment=True,
        moves_help=True,
    ),
    Verb.UNDONE: Traits(
        audience=Audience.STAFF_AND_SELF,
        done=Done.NOW,
        tapped=Tapped.ANYWHERE,
        status=Status.IN_PROGRESS,
        moves_percentage=True,
        moves_enrollment=True,
    ),
    Verb.MODULE_COMPLETED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.COURSE_COMPLETED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM, moves_enrollment=True),
    Verb.HELP_ASKED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, moves_help=True, stuck=True),
    Verb.HELP_WITHDRAWN: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, moves_help=True, stuck=False),
    Verb.HELP_CLAIMED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, moves_help=True),
    Verb.HELP_RELEASED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, moves_help=True),
    Verb.HELP_RESOLVED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, moves_help=True, stuck=False),
    Verb.HELPED: Traits(audience=Audience.SELF, done=Done.FOR_THEM),
    Verb.ATTENTION_DISMISSED: Traits(audience=Audience.STAFF, done=Done.NOW),
    Verb.WATCHED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.BEFORE, moves_position=True, can_be_archived=True),
    Verb.READ: Traits(audience=Audience.STAFF_AND_SELF, done=Done.BEFORE, moves_position=True, can_be_archived=True),
    Verb.STUDIED: Traits(
        audience=Audience.STAFF_AND_SELF, done=Done.BEFORE, counts_as_study=True, can_be_archived=True
    ),
    Verb.PAUSED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, moves_enrollment=True),
    Verb.RESUMED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, moves_enrollment=True),
    Verb.GOAL_CHOSEN: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW),
    Verb.WEEK_CLOSED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.CERTIFIED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.QUIZ_STARTED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW),
    Verb.ANSWERED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, can_be_archived=True),
    Verb.ANSWERED_IN_CLASS: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW, can_be_archived=True),
    Verb.QUIZ_SUBMITTED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.BEFORE),
    Verb.GRADED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.REGRADED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.RESULT_OPENED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.SKILLS_SHOWN: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.GRADE_SET: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.ASSIGNMENT_SUBMITTED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW),
    Verb.RETURNED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.RISK_CONTESTED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.NOW),
    Verb.RISK_DISMISSED: Traits(audience=Audience.STAFF, done=Done.NOW),
    Verb.BADGE_EARNED: Traits(audience=Audience.SELF, done=Done.FOR_THEM),
    Verb.LEVEL_REACHED: Traits(audience=Audience.SELF, done=Done.FOR_THEM),
    Verb.STREAK_REACHED: Traits(audience=Audience.SELF, done=Done.FOR_THEM),
    Verb.STREAK_PAUSED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.ROLL_MARKED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.POINTS_AWARDED: Traits(audience=Audience.STAFF_AND_SELF, done=Done.FOR_THEM),
    Verb.REPORT_REMARKED: Traits(audience=Audience.STAFF, done=Done.NOW),
    Verb.REPORT_KEPT: Traits(audience=Audience.STAFF, done=Done.NOW),
    Verb.REPORT_SHARED: Traits(audience=Audience.STAFF, done=Done.NOW),
    Verb.MERGED: Traits(audience=Audience.STAFF, done=Done.NOW),
    Verb.UNMERGED: Traits(audience=Audience.STAFF, done=Done.NOW),
}
"""Every verb is here; a test fails for one that is not."""


def verbs_where(holds: Callable[[Traits], bool]) -> frozenset[Verb]:
    """Return the verbs whose traits meet a condition."""
    return frozenset(verb for verb, traits in TRAITS.items() if holds(traits))
