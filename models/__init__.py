"""Tables and the states a row can be in. No behaviour lives here.

Ids are given by the database: on a new row they are None until it is flushed.
"""

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.accounts import Invitation, PasswordReset, SignIn, Throttle, User
from models.courses import Checkpoint, Course, CourseInstructor, Enrollment, Module
from models.kinds import CheckpointKind, Mode, NameDisplay, Role, Verb
from models.learning import Activity, Attendance, HelpRequest, LiveSession, Progress

metadata = SQLModel.metadata


def table(model: type[SQLModel]) -> Table:
    """Return the bare table of a model, for statements on the path of a tap: a fifth of the cost."""
    return metadata.tables[str(model.__tablename__)]


__all__ = [
    'Activity',
    'Attendance',
    'Checkpoint',
    'CheckpointKind',
    'Course',
    'CourseInstructor',
    'Enrollment',
    'HelpRequest',
    'Invitation',
    'LiveSession',
    'Mode',
    'Module',
    'NameDisplay',
    'PasswordReset',
    'Progress',
    'Role',
    'SignIn',
    'Throttle',
    'User',
    'Verb',
    'metadata',
    'table',
]
