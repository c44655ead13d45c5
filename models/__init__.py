"""Tables and the states a row can be in. No behaviour lives here.

Ids are given by the database: on a new row they are None until it is flushed.
"""

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.accounts import IdempotentRequest, Invitation, PasswordReset, SignIn, Throttle, User
from models.analytics import DailyTotal, FollowerState
from models.content import ContentPosition, Upload
from models.courses import Checkpoint, Course, CourseGroup, CourseInstructor, Enrollment, Module
from models.jobs import Job
from models.keepsakes import Certificate, Note
from models.kinds import CheckpointKind, DayPart, DeviceKind, Mode, NameDisplay, Role, Scope, Verb
from models.learning import Activity, Attendance, HelpRequest, LiveSession, Progress
from models.study import Goal, GoalMilestone, LearningSession, StudyTime
from models.verbs import TRAITS, Audience, Done, Status, Tapped, Traits, verbs_where

metadata = SQLModel.metadata


def table(model: type[SQLModel]) -> Table:
    """Return the bare table of a model, for statements on the path of a tap: a fifth of the cost."""
    return metadata.tables[str(model.__tablename__)]


__all__ = [
    'TRAITS',
    'Activity',
    'Attendance',
    'Audience',
    'Certificate',
    'Checkpoint',
    'CheckpointKind',
    'ContentPosition',
    'Course',
    'CourseGroup',
    'CourseInstructor',
    'DailyTotal',
    'DayPart',
    'DeviceKind',
    'Done',
    'Enrollment',
    'FollowerState',
    'Goal',
    'GoalMilestone',
    'HelpRequest',
    'IdempotentRequest',
    'Invitation',
    'Job',
    'LearningSession',
    'LiveSession',
    'Mode',
    'Module',
    'NameDisplay',
    'Note',
    'PasswordReset',
    'Progress',
    'Role',
    'Scope',
    'SignIn',
    'Status',
    'StudyTime',
    'Tapped',
    'Throttle',
    'Traits',
    'Upload',
    'User',
    'Verb',
    'metadata',
    'table',
    'verbs_where',
]
