"""A course as one file: to keep, to hand on, and to bring into another Waymark. YAML, so that people can read it.

The videos, documents and captions that it refers to are packed around it by `services.content.course_archive`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import yaml  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlmodel import col

from models import Checkpoint, CheckpointKind, Course, Module, QuestionPicture, Upload
from services import access
from services.access import Actor
from services.assignments import rules as assignment_rules
from services.checkpoint_kinds import KINDS
from services.core.transaction import Transaction
from services.courses import catalog, course_grading, export_assignments, export_quizzes, import_file, outline
from services.courses.draft import Draft, DraftCheckpoint, DraftFile, DraftModule
from services.courses.export_quizzes import Digits
from services.courses.import_file import FORMAT
from services.progress import counters
from services.quizzes import bank, quiz_settings
from services.quizzes.quiz_settings import Draw

HEAD = '# A course from Waymark. Import it on the page “New course”, together with the folder “files”.\n'
PICTURES = 'pictures/'
"""where in an archive the pictures of questions lie"""
MISSING = '# {count} of its files are missing on the server that it comes from, and are not in here.\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A video, a document or captions, and where it goes in the archive."""

    path: str
    stored_as: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFile:
    """A course, written down."""

    name: str
    """of the file, without its ending"""
    text: str
    files: tuple[Enclosed, ...]
    missing: int
    """how many files checkpoints refer to that are gone from the disk"""


def export_course(
    tx: Transaction, actor: Actor | None, course_id: int, *, is_there: Callable[[str], bool] = lambda _: True
) -> CourseFile:
    """Write a course down: everything but people and what they did. `is_there` tells whether a file is on the disk."""
    course = access.taught_course(tx, actor, course_id)
    modules = select(Module).where(col(Module.course_id) == course_id, col(Module.deleted_at).is_(None))
    checkpoints = outline.in_order(tx, course_id)
    uploads = _uploads(tx, checkpoints)
    there = {id_: upload for id_, upload in uploads.items() if is_there(upload.stored_as)}
    paths = _paths(checkpoints, there)
    questions, numbers = export_quizzes.questions(tx, course_id)
    shown = _pictures(tx, course_id)
    pictures = [each for each in shown if is_there(each.stored_as)]
    quizzes = export_quizzes.quizzes(tx, course_id, numbers) | export_assignments.of_course(tx, course_id)
    grades = course_grading.exported_items(tx, course_id)
    content = {
        'waymark': FORMAT,
        'course': _course(course),
        'modules': [
            _module(
                module,
                [_exported(each, there, paths, quizzes, grades) for each in checkpoints if each.module_id == module.id],
            )
            for module in tx.session.scalars(modules.order_by(col(Module.position), col(Module.id)))
        ],
    }
    content |= {'grading': grading} if (grading := course_grading.exported(tx, course_id)) else {}
    content |= {'questions': questions} if questions else {}
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    missing = len(uploads) - len(there) + len(shown) - len(pictures)
    return CourseFile(
        name=f'{_file_name(course)}.waymark',
        text=HEAD + (MISSING.format(count=missing) if missing else '') + text,
        files=tuple(
            Enclosed(path=path, stored_as=there[id_].stored_as, size=there[id_].size) for id_, path in paths.items()
        )
        + tuple(pictures),
        missing=missing,
    )


def _pictures(tx: Transaction, course_id: int) -> list[Enclosed]:
    """Return the pictures that the questions of a course show."""
    rows = (
        select(QuestionPicture).where(col(QuestionPicture.course_id) == course_id).order_by(col(QuestionPicture.name))
    )
    return [
        Enclosed(path=f'{PICTURES}{row.name}', stored_as=row.stored_as, size=row.size)
        for row in tx.session.scalars(rows)
    ]


def may_import(tx: Transaction, actor: Actor | None) -> None:
    """Refuse a file before it is read, if no course may be made of it afterwards."""
    access.teacher(tx, actor)


def import_course(
    tx: Transaction, actor: Actor | None, draft: Draft, *, uploads: Mapping[str, int] | None = None
) -> int:
    """Make a course of what `import_file.read` has read, outside of any transaction; returns its id.

    `uploads` has the ids of the files that came with it, by their paths.
    """
    access.teacher(tx, actor)
    uploads = uploads or {}
    import_file.check_files(draft, uploads)
    course = catalog.begin(tx, actor, title=draft.title, description=draft.description, subject=draft.subject)
    course.classmates_help = draft.classmates_help
    course.gives_certificates = draft.gives_certificates
    course.mastery_percent = draft.mastery_percent or course.mastery_percent
    for name, value in draft.alerts.items():
        setattr(course, f'lag_{name}', value)
    made: list[tuple[Checkpoint, DraftCheckpoint]] = []
    for position, module in enumerate(draft.modules or (DraftModule(title='Module 1', checkpoints=()),)):
        made += _add_module(tx, course.id, module, position, uploads)
    _add_quizzes(tx, actor, course.id, draft, made)
    graded = [(row, each.grade) for row, each in made if each.grade is not None]
    course_grading.make(tx, course.id, draft.grading, graded)
    counters.count_checkpoints(tx, course.id)
    tx.note('course imported', course=course.id, steps=sum(len(module.checkpoints) for module in draft.modules))
    return course.id


def _add_module(
    tx: Transaction, course_id: int, draft: DraftModule, position: int, uploads: Mapping[str, int]
) -> list[tuple[Checkpoint, DraftCheckpoint]]:
    """Make a module with its checkpoints; returns them, each with what the file says of it."""
    module = Module(course_id=course_id, title=draft.title, description=draft.description, position=position)
    tx.session.add(module)
    tx.session.flush()
    made = [_checkpoint(tx, module, checkpoint, place, uploads) for place, checkpoint in enumerate(draft.checkpoints)]
    tx.session.add_all(made)
    tx.session.flush()
    for row, each in zip(made, draft.checkpoints, strict=True):
        if each.assignment is not None:
            assignment_rules.make(tx, row, each.assignment)
    return list(zip(made, draft.checkpoints, strict=True))


def _add_quizzes(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    draft: Draft,
    made: Sequence[tuple[Checkpoint, DraftCheckpoint]],
) -> None:
    added = bank.add_many(tx, actor, course_id, list(draft.questions.values())) if draft.questions else []
    ids = dict(zip(draft.questions, added, strict=True))
    for checkpoint, quiz in ((row, each.quiz) for row, each in made):
        if quiz is None:
            continue
        items = [
            item if isinstance(item, Draw) else replace(item, question_id=ids[item.question_id]) for item in quiz.items
        ]
        quiz_settings.make(tx, checkpoint, quiz.rules, items, is_published=quiz.is_published)


def _checkpoint(
    tx: Transaction, module: Module, checkpoint: DraftCheckpoint, position: int, uploads: Mapping[str, int]
) -> Checkpoint:
    details = checkpoint.details
    return Checkpoint(
        course_id=module.course_id,
        module_id=module.id,
        kind=details.kind,
        title=details.title,
        description=details.description,
        body=details.body,
        link=details.link,
        position=position,
        estimated_minutes=details.estimated_minutes,
        due_at=details.due_at,
        tags=list(details.tags),
        is_preview=details.is_preview,
        file_id=_id_of(checkpoint.file, uploads),
        captions_id=_id_of(checkpoint.captions, uploads),
        created_at=tx.now,
        updated_at=tx.now,
    )


def _id_of(file: DraftFile | None, uploads: Mapping[str, int]) -> int | None:
    return uploads[file.path] if file else None


def _uploads(tx: Transaction, checkpoints: Sequence[Checkpoint]) -> dict[int, Upload]:
    ids = {id_ for checkpoint in checkpoints for id_ in (checkpoint.file_id, checkpoint.captions_id) if id_}
    return {upload.id: upload for upload in tx.session.scalars(select(Upload).where(col(Upload.id).in_(ids)))}


def _paths(checkpoints: Sequence[Checkpoint], there: Mapping[int, Upload]) -> dict[int, str]:
    """Return where each file goes in the archive, in plain letters, which survive every program."""
    paths: dict[int, str] = {}
    for number, checkpoint in enumerate(checkpoints, start=1):
        main = next(iter(KINDS[checkpoint.kind].files), 'file')
        for part, id_ in ((main, checkpoint.file_id), ('captions', checkpoint.captions_id)):
            if id_ and id_ in there and checkpoint.file_id in there and id_ not in paths:
                ending = re.sub(r'[^a-z0-9.]', '', PurePath(there[id_].name).suffix.lower())
                paths[id_] = f'files/{number:03}-{part}{ending}'
    return paths


def _course(course: Course) -> dict[str, Any]:
    return _without_empty(
        title=course.title,
        subject=course.subject,
        description=course.description,
        classmates_help=course.classmates_help,
        without_certificates=not course.gives_certificates,
        mastery_percent=course.mastery_percent,
        alerts={'percent': course.lag_percent, 'steps': course.lag_steps, 'minutes': course.lag_minutes},
    )


def _module(module: Module, checkpoints: list[dict[str, Any]]) -> dict[str, Any]:
    return _without_empty(title=module.title, description=module.description) | {'steps': checkpoints}


def _exported(
    checkpoint: Checkpoint,
    there: Mapping[int, Upload],
    paths: Mapping[int, str],
    quizzes: Mapping[int, Any],
    grades: Mapping[int, Any],
) -> dict[str, Any]:
    video, captions = there.get(checkpoint.file_id or 0), there.get(checkpoint.captions_id or 0)
    captions = captions if video else None
    is_work = checkpoint.kind in {CheckpointKind.QUIZ, CheckpointKind.ASSIGNMENT}
    work = quizzes.get(checkpoint.id) if is_work else None
    return _without_empty(
        title=checkpoint.title,
        kind=checkpoint.kind.value,
        minutes=checkpoint.estimated_minutes,
        due=checkpoint.due_at.isoformat() if checkpoint.due_at else None,
        tags=list(checkpoint.tags),
        preview=checkpoint.is_preview,
        file=paths[video.id] if video else None,
        file_name=video.name if video else None,
        captions=paths[captions.id] if captions else None,
        captions_name=captions.name if captions else None,
        description=checkpoint.description,
        body=checkpoint.body,
        link=checkpoint.link,
        grade=grades.get(checkpoint.id) if is_work else None,
    ) | ({} if work is None else {checkpoint.kind.value: work})


def _without_empty(**parts: Any) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value}


def _file_name(course: Course) -> str:
    """Return the title as a name that every file system takes."""
    return re.sub(r'[^\w-]+', '-', course.title).strip('-')[:60] or 'course'


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes texts of several lines as people would."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar('tag:yaml.org,2002:str', text, style='|' if '\n' in text else None)


def _digits(dumper: yaml.SafeDumper, digits: Digits) -> yaml.ScalarNode:
    return dumper.represent_scalar(dumper.resolve(yaml.ScalarNode, digits, (True, False)), digits)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Digits, _digits)
