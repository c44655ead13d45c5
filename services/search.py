"""What a person finds by a few letters: courses, checkpoints and people, each only where they may see it anyway."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlmodel import col

from models import Checkpoint, Course, CourseInstructor, Enrollment, Module, Role, User
from services import access
from services.access import Actor
from services.core.text import line, plain_name
from services.core.transaction import Transaction

LONGEST = 100
"""characters of what is typed that are looked at"""
MOST_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCourse:
    """A course that the person teaches or learns in."""

    course_id: int
    title: str
    teaches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCheckpoint:
    """A checkpoint of such a course."""

    checkpoint_id: int
    title: str
    course_id: int
    course: str
    teaches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """A learner of a course that the person teaches; for an admin, anybody of the school."""

    user_id: int
    name: str
    course_id: int | None
    """the newest course that the two share; None for an admin"""
    course: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, the newest courses first."""

    courses: tuple[FoundCourse, ...] = ()
    checkpoints: tuple[FoundCheckpoint, ...] = ()
    people: tuple[FoundPerson, ...] = ()


def find(tx: Transaction, actor: Actor | None, *, typed: str, limit: int = 8) -> Found:
    """Return what has all typed words in its title or name, at most `limit` of each kind; case does not matter.

    Without any word, it returns the newest courses.
    """
    actor = access.participant(tx, actor)
    words = line(typed[:LONGEST]).split()[:MOST_WORDS]
    courses = _courses(tx, actor, words, limit)
    if not words:
        return Found(courses=courses)
    return Found(
        courses=courses,
        checkpoints=_found_checkpoints(tx, actor, words, limit),
        people=_people(tx, actor, words, limit),
    )


def _courses(tx: Transaction, actor: Actor, words: list[str], limit: int) -> tuple[FoundCourse, ...]:
    teaches = _teaches(actor)
    wanted = select(col(Course.id), col(Course.title), teaches).where(*_visible(actor, teaches))
    wanted = wanted.where(_has(Course.title, words)).order_by(col(Course.id).desc()).limit(limit)
    return tuple(
        FoundCourse(course_id=id_, title=title, teaches=bool(teaching)) for id_, title, teaching in tx.execute(wanted)
    )


def _found_checkpoints(tx: Transaction, actor: Actor, words: list[str], limit: int) -> tuple[FoundCheckpoint, ...]:
    teaches = _teaches(actor)
    facts = col(Checkpoint.id), col(Checkpoint.title), col(Course.id), col(Course.title), teaches
    wanted: Select[*tuple[Any, ...]] = (
        select(*facts)
        .join(Course, col(Course.id) == col(Checkpoint.course_id))
        .join(Module, col(Module.id) == col(Checkpoint.module_id))
        .where(*_visible(actor, teaches), _has(Checkpoint.title, words))
        .where(col(Checkpoint.deleted_at).is_(None), col(Module.deleted_at).is_(None))
        .order_by(col(Course.id).desc(), col(Module.position), col(Checkpoint.position))
        .limit(limit)
    )
    return tuple(
        FoundCheckpoint(checkpoint_id=id_, title=title, course_id=course_id, course=course, teaches=bool(teaching))
        for id_, title, course_id, course, teaching in tx.execute(wanted)
    )


def _people(tx: Transaction, actor: Actor, words: list[str], limit: int) -> tuple[FoundPerson, ...]:
    if not actor.may_teach:
        return ()
    called = and_(*(col(User.plain_name).contains(plain_name(word), autoescape=True) for word in words))
    here = called, col(User.merged_into_id).is_(None), col(User.id) != actor.user_id
    if actor.role is Role.ADMIN:
        anybody = select(col(User.id), col(User.name)).where(*here).order_by(col(User.plain_name)).limit(limit)
        return tuple(
            FoundPerson(user_id=id_, name=name, course_id=None, course='') for id_, name in tx.execute(anybody)
        )
    shared = (
        select(func.max(col(Course.id)))
        .join(Enrollment, col(Enrollment.course_id) == col(Course.id))
        .where(col(Enrollment.user_id) == col(User.id), col(Enrollment.removed_at).is_(None))
        .where(col(Course.deleted_at).is_(None), _teaches(actor))
        .correlate(User)
    )
    newest = (
        select(col(User.id), col(User.name), shared.scalar_subquery())
        .where(*here, shared.with_only_columns(col(Course.id)).exists())
        .order_by(col(User.plain_name))
        .limit(limit)
    )
    found = tx.execute(newest).all()
    of = select(col(Course.id), col(Course.title)).where(col(Course.id).in_({course_id for *_, course_id in found}))
    titles = {id_: str(title) for id_, title in tx.execute(of)}
    return tuple(
        FoundPerson(user_id=id_, name=name, course_id=course_id, course=titles[course_id])
        for id_, name, course_id in found
    )


def _visible(actor: Actor, teaches: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of the courses that a person teaches or learns in."""
    learns = exists().where(
        col(Enrollment.course_id) == col(Course.id),
        col(Enrollment.user_id) == actor.user_id,
        col(Enrollment.removed_at).is_(None),
    )
    return col(Course.deleted_at).is_(None), or_(teaches, learns)


def _teaches(actor: Actor) -> ColumnElement[bool]:
    """Return what is true of the courses that a person teaches, as `access.teaches` says."""
    if not actor.may_teach:
        return false()
    if actor.role is Role.ADMIN:
        return true()
    helping = exists().where(
        col(CourseInstructor.course_id) == col(Course.id), col(CourseInstructor.user_id) == actor.user_id
    )
    return or_(col(Course.owner_id) == actor.user_id, helping)


def _has(text: Any, words: list[str]) -> ColumnElement[bool]:
    """Return whether a title has all words in it.

    SQLite knows small and capital letters of the Latin alphabet alone; for others the usual spellings are tried.
    """
    spelled = ({word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()} for word in words)
    return and_(
        true(), *(or_(*(col(text).icontains(each, autoescape=True) for each in sorted(some))) for some in spelled)
    )
