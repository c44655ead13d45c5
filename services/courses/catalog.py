"""Courses: what an instructor does with one as a whole."""

from dataclasses import dataclass

from sqlalchemy import Exists, exists, select
from sqlmodel import col

from models import Course, CourseInstructor, LiveSession, Module, Role, User
from services import access
from services.access import Actor
from services.accounts import addresses
from services.core.errors import Forbidden, Invalid, NotFound
from services.core.events import CourseChanged
from services.core.languages import translations
from services.core.phrases import phrase
from services.core.secrets import CLASS_CODE_LENGTH, new_code
from services.core.text import LONGEST_TITLE, check_text, check_title, line, read_address
from services.core.transaction import Transaction
from services.courses import copying, teachers
from services.courses.carried import carried_of
from services.progress import completions, counters

FIRST_MODULE = phrase('Module {number}', number=1)
ATTENTION_LIMITS = {'percent': (1, 100), 'steps': (1, 50), 'minutes': (1, 120)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """What an instructor sees and edits of a course as a whole."""

    course_id: int
    title: str
    description: str
    subject: str
    code: str
    code_open: bool
    classmates_help: bool
    gives_certificates: bool
    is_archived: bool
    is_running: bool
    owns: bool
    owner: str
    co_instructors: tuple[tuple[int, str], ...]
    lag_percent: int
    lag_steps: int
    lag_minutes: int
    mastery_percent: int


def create(
    tx: Transaction,
    actor: Actor | None,
    *,
    title: str,
    description: str = '',
    subject: str = '',
    language: str = 'en',
) -> int:
    """Create a course with one empty module, whose title is in the language of the person; returns its id."""
    course = begin(tx, actor, title=title, description=description, subject=subject)
    tx.session.add(Module(course_id=course.id, title=FIRST_MODULE.spoken(translations(language)), position=0))
    return course.id


def begin(tx: Transaction, actor: Actor | None, *, title: str, description: str, subject: str) -> Course:
    """Make a course without modules; the caller adds them."""
    actor = access.teacher(tx, actor)
    course = Course(
        owner_id=actor.user_id,
        title=check_title(title, 'course'),
        description=check_text(description),
        subject=line(subject)[:80],
        code=_free_code(tx),
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.session.add(course)
    tx.session.flush()
    tx.note('course created', course=course.id, user=actor.user_id)
    return course


def edit(tx: Transaction, actor: Actor | None, course_id: int, *, title: str, description: str, subject: str) -> None:
    """Change title, description and subject."""
    course = access.taught_course(tx, actor, course_id)
    course.title = check_title(title, 'course')
    course.description = check_text(description)
    course.subject = line(subject)[:80]
    _changed(tx, course)


def archive(tx: Transaction, actor: Actor | None, course_id: int, *, archived: bool) -> None:
    """Archive a course, or bring it back; while it is archived it can be read but not worked on."""
    course = access.taught_course(tx, actor, course_id)
    course.archived_at = tx.now if archived else None
    _changed(tx, course)
    tx.note('course archived' if archived else 'course brought back', course=course_id)


def delete(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Delete a course; `restore` brings it back with everything in it."""
    course = access.taught_course(tx, actor, course_id)
    _owner_only(actor, course)
    course.deleted_at = tx.now
    _changed(tx, course)
    tx.note('course deleted', course=course_id)


def restore(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Bring a deleted course back."""
    course = access.taught_course(tx, actor, course_id, deleted=True)
    _owner_only(actor, course)
    course.deleted_at = None
    _changed(tx, course)
    tx.note('course restored', course=course_id)


def duplicate(tx: Transaction, actor: Actor | None, course_id: int, *, language: str = 'en') -> int:
    """Copy a course with its modules, checkpoints, questions and quizzes, but without people; returns the new id."""
    original = access.taught_course(tx, actor, course_id)
    title = _title_of_copy(original.title, language)
    copy = begin(tx, actor, title=title, description=original.description, subject=original.subject)
    for name, value in (carried_of(original) | {'title': title}).items():
        setattr(copy, name, value)
    copy.copied_from_id = course_id
    copying.copy_all(tx, course_id, copy.id, by=copy.owner_id)
    counters.count_checkpoints(tx, copy.id)
    return copy.id


def renew_code(tx: Transaction, actor: Actor | None, course_id: int) -> str:
    """Give a course a new code; the old one leads nowhere from now on."""
    course = access.taught_course(tx, actor, course_id)
    course.code = _free_code(tx)
    course.code_open = True
    _changed(tx, course)
    return course.code


def open_code(tx: Transaction, actor: Actor | None, course_id: int, *, is_open: bool) -> None:
    """Open or close joining with the code; who is in stays in."""
    course = access.taught_course(tx, actor, course_id)
    course.code_open = is_open
    _changed(tx, course)


def set_attention(
    tx: Transaction, actor: Actor | None, course_id: int, *, percent: int, steps: int, minutes: int
) -> None:
    """Choose when a learner in class needs a look; see `services.live.alerts.rules`."""
    course = access.taught_course(tx, actor, course_id)
    chosen = {'percent': percent, 'steps': steps, 'minutes': minutes}
    for field, (least, most) in ATTENTION_LIMITS.items():
        if not least <= chosen[field] <= most:
            raise Invalid('Enter a number from {least} to {most}.', least=least, most=most, field=field)
    course.lag_percent, course.lag_steps, course.lag_minutes = percent, steps, minutes
    _changed(tx, course)


def set_mastery(tx: Transaction, actor: Actor | None, course_id: int, *, percent: int) -> None:
    """Choose from which score on something is mastered; what is mastered by now stays so."""
    course = access.taught_course(tx, actor, course_id)
    if not 1 <= percent <= 100:
        raise Invalid('Enter a number from {least} to {most}.', least=1, most=100, field='percent')
    course.mastery_percent = percent
    _changed(tx, course)


def let_classmates_help(tx: Transaction, actor: Actor | None, course_id: int, *, allowed: bool) -> None:
    """Let learners who have done a checkpoint help those who are stuck at it, or leave that to the instructors."""
    course = access.taught_course(tx, actor, course_id)
    course.classmates_help = allowed
    _changed(tx, course)


def give_certificates(tx: Transaction, actor: Actor | None, course_id: int, *, given: bool) -> None:
    """Choose whether who completes the course gets a certificate; what was given stays.

    Once it gives them again, those who have completed it meanwhile get theirs.
    """
    course = access.taught_course(tx, actor, course_id)
    if given and not course.gives_certificates:
        completions.certify_all(tx, course_id)
    course.gives_certificates = given
    _changed(tx, course)


def add_co_instructor(tx: Transaction, actor: Actor | None, course_id: int, *, email: str) -> int:
    """Let another instructor teach this course too; returns their id."""
    course = access.taught_course(tx, actor, course_id)
    person = tx.session.scalars(select(User).where(col(User.email) == read_address(email))).one_or_none()
    if person is None or person.role not in {Role.INSTRUCTOR, Role.ADMIN}:
        raise Invalid('There is no instructor with this e-mail address here. They register first.', field='email')
    if not addresses.is_proven(person):
        raise Invalid(
            'This address is not confirmed, so it can be anybody. They confirm it on their account page.',
            field='email',
        )
    if person.id == course.owner_id or _place(tx, course_id, person.id):
        raise Invalid('{name} teaches this course already.', name=person.name, field='email')
    tx.session.add(CourseInstructor(course_id=course_id, user_id=person.id))
    tx.note('co-instructor added', course=course_id, user=person.id)
    return person.id


def remove_co_instructor(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int) -> None:
    """Let a co-instructor go."""
    access.taught_course(tx, actor, course_id)
    if not (place := _place(tx, course_id, user_id)):
        raise NotFound('This person has left the course already.')
    tx.session.delete(place)
    tx.note('co-instructor removed', course=course_id, user=user_id)


def facts(tx: Transaction, actor: Actor | None, course_id: int) -> CourseFacts:
    """Return what an instructor sees of a course."""
    course = access.taught_course(tx, actor, course_id)
    owner, *helpers = teachers.of_course(tx, course_id)
    return CourseFacts(
        course_id=course_id,
        title=course.title,
        description=course.description,
        subject=course.subject,
        code=course.code,
        code_open=course.code_open,
        classmates_help=course.classmates_help,
        gives_certificates=course.gives_certificates,
        is_archived=course.archived_at is not None,
        is_running=bool(tx.execute(select(class_is_on()).where(col(Course.id) == course_id)).scalar()),
        owns=_owns(actor, course),
        owner=owner.name,
        co_instructors=tuple((each.user_id, each.name) for each in helpers),
        lag_percent=course.lag_percent,
        lag_steps=course.lag_steps,
        lag_minutes=course.lag_minutes,
        mastery_percent=course.mastery_percent,
    )


def _title_of_copy(title: str, language: str) -> str:
    spoken_in = translations(language)
    added = len(phrase('{title} (copy)', title='').spoken(spoken_in))
    return phrase('{title} (copy)', title=title[: max(LONGEST_TITLE - added, 0)]).spoken(spoken_in)


def class_is_on() -> Exists:
    """Return the condition that a class of a course is on."""
    return exists().where(col(LiveSession.course_id) == col(Course.id), col(LiveSession.ended_at).is_(None))


def _place(tx: Transaction, course_id: int, user_id: int) -> CourseInstructor | None:
    place: CourseInstructor | None = tx.session.get(CourseInstructor, (course_id, user_id))
    return place


def _free_code(tx: Transaction) -> str:
    while True:
        code = new_code(CLASS_CODE_LENGTH)
        if not tx.execute(select(exists().where(col(Course.code) == code))).scalar():
            return code


def _owns(actor: Actor | None, course: Course) -> bool:
    return actor is not None and (actor.role is Role.ADMIN or actor.user_id == course.owner_id)


def _owner_only(actor: Actor | None, course: Course) -> None:
    if not _owns(actor, course):
        raise Forbidden('Only the owner of the course can do this.')


def _changed(tx: Transaction, course: Course) -> None:
    course.updated_at = tx.now
    tx.session.add(course)
    tx.announce(CourseChanged(course_id=course.id))
