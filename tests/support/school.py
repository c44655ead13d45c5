"""One small school in which everybody stands in another relation to the same course."""

from dataclasses import dataclass

from services.access import Actor
from services.core import database
from services.courses import catalog, checkpoints, modules
from services.live import sessions
from services.live.help import queue
from services.people import joining
from tests.factories.classes import CourseAtHand, a_class, a_course
from tests.factories.people import a_guest, a_parent, a_student, an_admin, an_instructor, another_device, sign_out

ABSENT = 999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """The course, what is in it, and who is who."""

    course_id: int
    module_id: int
    checkpoint_id: int
    checkpoint_ids: tuple[int, ...]
    session_id: int
    code: str
    deleted_course_id: int
    deleted_module_id: int
    deleted_checkpoint_id: int
    helper_id: int
    request_id: int
    """of somebody in class who is stuck"""
    learner_id: int
    student_id: int
    people: dict[str, Actor | None]


async def a_school() -> School:
    admin, owner, helper = await an_admin(), await an_instructor(), await an_instructor(email='helper@example.org')
    klass = await a_class(by=owner)
    teach = klass.teacher, klass.course_id
    await database.write(catalog.add_co_instructor, *teach, email='helper@example.org')
    deleted_module = await database.write(modules.add, *teach, title='Deleted')
    await database.write(modules.delete, owner, deleted_module)
    await database.write(checkpoints.delete, owner, klass.checkpoints[2])
    await database.write(sessions.set_current, *teach, klass.checkpoints[0])
    stuck = await a_guest(code=klass.code, name='Sina Stuck')
    asked = await database.write(queue.ask, stuck, klass.session_id, klass.checkpoints[0])
    student = await a_student(name='Stella Student')
    await database.write(joining.join, student, code=klass.code)
    gone = await another_device(of=owner)
    await sign_out(actor=gone)
    return School(
        course_id=klass.course_id,
        module_id=klass.module_id,
        checkpoint_id=klass.checkpoints[0],
        checkpoint_ids=klass.checkpoints[:2],
        session_id=klass.session_id,
        code=klass.code,
        deleted_course_id=(await _a_deleted_course(owner)).course_id,
        deleted_module_id=deleted_module,
        deleted_checkpoint_id=klass.checkpoints[2],
        helper_id=helper.user_id,
        request_id=asked,
        learner_id=klass.learner.user_id,
        student_id=student.user_id,
        people={
            'nobody': None,
            'signed out': gone,
            'student elsewhere': await a_student(),
            'instructor elsewhere': (await a_course(title='Water')).teacher,
            'learner': klass.learner,
            'co-instructor': helper,
            'owner': owner,
            'admin': admin,
            'parent': await a_parent(of=student),
        },
    )


async def _a_deleted_course(owner: Actor) -> CourseAtHand:
    course = await a_course(by=owner, title='Deleted', checkpoints=0)
    await database.write(catalog.add_co_instructor, owner, course.course_id, email='helper@example.org')
    await database.write(catalog.delete, owner, course.course_id)
    return course
