"""What goes along when a course is copied or written into a file, column by column, and what stays behind.

Every column of what makes up a course stands in one of the two tables; people and what they did never go along.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlmodel import SQLModel

from models import Checkpoint, Course, CourseGroup, LiveSession, Module, Upload

CARRIED: Mapping[type[SQLModel], tuple[str, ...]] = MappingProxyType(
    {
        Course: (
            'title',
            'description',
            'subject',
            'classmates_help',
            'lag_percent',
            'lag_steps',
            'lag_minutes',
            'mastery_percent',
        ),
        Module: ('title', 'description', 'position'),
        Checkpoint: (
            'kind',
            'title',
            'description',
            'position',
            'estimated_minutes',
            'due_at',
            'tags',
            'is_preview',
            'body',
            'file_id',
            'captions_id',
        ),
        Upload: ('name', 'media_type', 'size', 'seconds', 'pages'),
    }
)

_NEW = 'the copy has its own'
_STATE = 'says what has become of this course, not what it is'
_COUNTED = 'follows from the rest'

LEFT_OUT: Mapping[type[SQLModel], Mapping[str, str]] = MappingProxyType(
    {
        Course: {
            'id': _NEW,
            'owner_id': 'the copy belongs to the person who makes it',
            'code': _NEW,
            'code_open': 'a new course can be joined',
            'counted': _COUNTED,
            'created_at': _NEW,
            'updated_at': _NEW,
            'archived_at': _STATE,
            'deleted_at': _STATE,
        },
        Module: {'id': _NEW, 'course_id': _NEW, 'is_changed': _COUNTED, 'deleted_at': _STATE},
        Checkpoint: {
            'id': _NEW,
            'course_id': _NEW,
            'module_id': _NEW,
            'created_at': _NEW,
            'updated_at': _NEW,
            'deleted_at': _STATE,
        },
        Upload: {
            'id': _NEW,
            'stored_as': 'a name on the disk of this server',
            'uploaded_by': 'the person who brings the course in',
            'uploaded_at': _NEW,
        },
        CourseGroup: dict.fromkeys(('id', 'course_id', 'name'), 'groups are made of the people of one course'),
        LiveSession: dict.fromkeys(LiveSession.model_fields, 'classes were held with the people of one course'),
    }
)


def carried_of(row: SQLModel) -> dict[str, Any]:
    """Return what goes along of one row, by the names of its columns."""
    return {name: getattr(row, name) for name in CARRIED[type(row)]}
