"""A course as one file: to keep, to hand on, and to bring into another Waymark. YAML, so that people can read it."""

import re
from typing import Any

import yaml  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlmodel import col

from models import Checkpoint, Course, Module
from services import access
from services.access import Actor
from services.core.database import Transaction
from services.courses import catalog, outline
from services.courses.checkpoints import Step
from services.courses.import_file import FORMAT, Draft, DraftModule
from services.courses.outline import Section
from services.progress import counters

HEAD = '# A course from Waymark. Import it on the page “New course”.\n'
WITHOUT_FILES = (
    '# Videos and PDFs are not in here: {count} of its steps come back without theirs, which are to be '
    'uploaded again.\n'
)


def export_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[str, str]:
    """Return a name for the file and its text: everything but videos, PDFs, people and what they did."""
    course = access.taught_course(tx, actor, course_id)
    sections = outline.sections(tx, actor, course_id)
    content = {
        'waymark': FORMAT,
        'course': _without_empty(title=course.title, subject=course.subject, description=course.description),
        'modules': [_module(section) for section in sections],
    }
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    files = sum(step.has_file for section in sections for step in section.steps)
    head = HEAD + (WITHOUT_FILES.format(count=files) if files else '')
    return f'{_file_name(course)}.waymark.yaml', head + text


def may_import(tx: Transaction, actor: Actor | None) -> None:
    """Refuse a file before it is read, if no course may be made of it afterwards."""
    access.teacher(tx, actor)


def import_course(tx: Transaction, actor: Actor | None, draft: Draft) -> int:
    """Make a course of what `import_file.read` has read, outside of any transaction; returns its id."""
    access.teacher(tx, actor)
    course_id = catalog.create(tx, actor, title=draft.title, description=draft.description, subject=draft.subject)
    for empty in tx.session.scalars(select(Module).where(col(Module.course_id) == course_id)).all():
        tx.session.delete(empty)
    for position, module in enumerate(draft.modules or (DraftModule(title='Module 1', steps=()),)):
        _add_module(tx, course_id, module, position)
    counters.count_checkpoints(tx, course_id)
    tx.note('course imported', course=course_id, steps=sum(len(module.steps) for module in draft.modules))
    return course_id


def _add_module(tx: Transaction, course_id: int, draft: DraftModule, position: int) -> None:
    module = Module(course_id=course_id, title=draft.title, position=position)
    tx.session.add(module)
    tx.session.flush()
    for place, details in enumerate(draft.steps):
        tx.session.add(
            Checkpoint(
                course_id=course_id,
                module_id=module.id,
                kind=details.kind,
                title=details.title,
                description=details.description,
                body=details.body,
                position=place,
                estimated_minutes=details.estimated_minutes,
                due_at=details.due_at,
                tags=list(details.tags),
                is_preview=details.is_preview,
                created_at=tx.now,
                updated_at=tx.now,
            )
        )


def _module(section: Section) -> dict[str, Any]:
    return {'title': section.title, 'steps': [_step(step) for step in section.steps]}


def _step(step: Step) -> dict[str, Any]:
    details = step.details
    return _without_empty(
        title=details.title,
        kind=details.kind.value,
        minutes=details.estimated_minutes,
        due=details.due_at.isoformat() if details.due_at else None,
        tags=list(details.tags),
        preview=details.is_preview,
        description=details.description,
        body=details.body,
    )


def _without_empty(**parts: Any) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value}


def _file_name(course: Course) -> str:
    """Return the title as a name that every file system takes."""
    return re.sub(r'[^\w-]+', '-', course.title).strip('-')[:60] or 'course'


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes texts of several lines as people would."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar('tag:yaml.org,2002:str', text, style='|' if '\n' in text else None)


_Dumper.add_representer(str, _text)
