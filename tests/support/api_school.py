"""One small school in which everybody has a token, and stands in another relation to the same course.

`here` and `elsewhere` say what the names in addresses and bodies stand for: `{course_id}`, `note_id` and so on. An
address about something new gets its name in `_course`, so that it is tried with one that is there, one of somebody
else, and one that is not there at all.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from services.access import Actor
from services.accounts import parent_codes, profiles, resets, sign_ins, tokens
from services.assignments import file_types, submissions
from services.certificates import lookup
from services.content.uploads import attaching, files_back, handed_in
from services.content.uploads.attaching import Given
from services.content.uploads.file_types import Found
from services.content.uploads.handed_in import Arrived
from services.content.uploads.slots import PDF, Part
from services.core import clock, database
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, modules
from services.courses.checkpoints import Details
from services.enums import CheckpointKind, MailKind, Scope
from services.goals import personal
from services.goals.personal import OwnMilestone, Wish
from services.live import sessions
from services.live.help import queue
from services.live.questions import asking
from services.mail import outbox
from services.mail.letters import Addressed
from services.mail.smtp import NotSent
from services.notes import editing
from services.people import joining
from services.quizzes import bank, pictures
from services.quizzes.answer import Answer
from tests.factories.classes import ClassAtHand, a_class, a_course, join_class, mark, tap
from tests.factories.people import PASSWORD, a_parent, a_student, an_account, an_admin, an_instructor, another_device
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, RIGHT, WHY, a_quiz, begin, take
from tests.factories.study import arrive, leave

ABSENT = 999_999
Things = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """Who is there, and what."""

    sign_ins: dict[str, int]
    """of their programs, by who they are"""
    service: str
    here: Things
    elsewhere: Things

    def token(self, who: str) -> str:
        """A token that is good now; `nobody` has none."""
        if who == 'service':
            return self.service
        return _token(self.sign_ins[who], clock.now().replace(second=0, microsecond=0)) if who in self.sign_ins else ''


@cache
def _token(sign_in_id: int, _minute: datetime) -> str:
    """Sign a token that is good for longer than the minute in which everybody is given it."""
    return tokens._sign(tokens._ACCESS, sign_in_id, tokens.ACCESS_LIFETIME)


async def a_school(*, size: int = 3) -> School:
    """A school with as many learners, checkpoints, notes and so on as `size` says."""
    admin, owner, helper = await an_admin(), await an_instructor(), await an_instructor(email='helper@example.org')
    student = (await an_account(email='stella@example.org', name='Stella Student')).actor
    other, other_student = await an_instructor(email='other@example.org'), await a_student(name='Sven Elsewhere')
    here, guest = await _course(owner, student, helper, size=size)
    elsewhere, _ = await _course(other, other_student, await an_instructor(email='second@example.org'), size=1)
    elsewhere['preview_id'] = elsewhere['checkpoint_id']  # previews are everybody's; this is none
    parent = await a_parent(of=student)
    here |= {'admin_id': admin.user_id, 'parent_id': parent.user_id, 'child_id': student.user_id}
    elsewhere |= {'parent_id': other.user_id, 'child_id': other_student.user_id}
    here |= await _codes(student) | await _mails(admin)
    elsewhere |= await _codes(other_student)
    service = await database.write(tokens.add_service, admin, name='Checker', scope=Scope.PROGRESS)
    people = {
        'student': student,
        'guest': guest,
        'student elsewhere': other_student,
        'owner': owner,
        'co-instructor': helper,
        'instructor elsewhere': other,
        'admin': admin,
        'parent': parent,
        'signed out': await a_student(name='Gone Already'),
    }
    programs = {who: await database.write(_a_program, actor) for who, actor in people.items()}
    await database.write(lambda tx: sign_ins.end(tx, programs['signed out']))
    return School(sign_ins=programs, service=service.token, here=here, elsewhere=elsewhere)


async def _course(teacher: Actor, student: Actor, helper: Actor, *, size: int) -> tuple[Things, Actor]:
    """A course with a class that is running, somebody who is in the middle of it, and a guest."""
    klass = await a_class(by=teacher, checkpoints=size + 2, learners=[f'Guest {number}' for number in range(size)])
    teach = klass.teacher, klass.course_id
    past, klass = klass, await _the_next_class(klass)
    deleted_course = await a_course(by=teacher, title='Deleted', checkpoints=0)
    for course_id in klass.course_id, deleted_course.course_id:
        email = (await database.read(profiles.own, helper)).email
        await database.write(catalog.add_co_instructor, teacher, course_id, email=email)
    await database.write(catalog.delete, teacher, deleted_course.course_id)
    deleted_module = await database.write(modules.add, *teach, title='Deleted')
    await database.write(modules.delete, teacher, deleted_module)
    await database.write(checkpoints.delete, teacher, klass.checkpoints[-1])
    extra = await database.write(modules.add, *teach, title='Extra')
    look = Details(title='Look', is_preview=True)
    preview_id = await database.write(checkpoints.add_one, *teach, module_id=extra, details=look)
    await database.write(_more_courses, teacher, size)
    await database.write(joining.join, student, code=klass.code)
    await join_class(klass, by=student)
    await tap(klass, klass.checkpoints[0], by=student)
    await arrive(student, klass.checkpoints[1])
    await leave(student, klass.course_id)  # else what is asked would depend on how many seconds have passed
    asked = await database.write(queue.ask, student, klass.session_id, klass.checkpoints[1])
    notes = await database.write(_notes, student, klass.checkpoints[:size])
    pdf = Given(name='soil.pdf', size=1, stored_as=f'soil{klass.course_id}', found=Found(media_type=PDF, pages=3))
    await database.write(attaching.attach, teacher, klass.checkpoints[-2], Part.FILE, pdf)
    goal = (await database.write(_goals, student, klass.course_id, size))[-1]
    quiz_things = await _a_quiz(klass, student, module_id=extra, size=size)
    question_id = quiz_things['question_id']
    work_things = await _assignments(klass, student, module_id=extra)
    things: Things = (
        quiz_things
        | work_things
        | {
            'live_question_id': await database.write(asking.ask, *teach, question_id),
            'course_id': klass.course_id,
            'deleted_course_id': deleted_course.course_id,
            'module_id': klass.module_id,
            'deleted_module_id': deleted_module,
            'checkpoint_id': klass.checkpoints[1],
            'checkpoint_ids': list(klass.checkpoints[:-1]),
            'completed_checkpoint_id': klass.checkpoints[0],
            'deleted_checkpoint_id': klass.checkpoints[-1],
            'preview_id': preview_id,
            'owner_id': teacher.user_id,
            'co_instructor_id': helper.user_id,
            'pdf_checkpoint_id': klass.checkpoints[-2],
            'part': Part.FILE,
            'picture': await database.write(_a_picture, klass.course_id),
            'serial': await _a_certificate(teacher, student),
            'session_id': klass.session_id,
            'past_session_id': past.session_id,
            'code': klass.code,
            'user_id': student.user_id,
            'guest_id': klass.learner.user_id,
            'rejoin_code': await database.read(joining.rejoin_code, klass.learner),
            'request_id': asked,
            'note_id': notes[-1].note_id,
            'goal_id': goal.goal_id,
            'milestone_id': goal.wish.milestones[0].milestone_id,
            'sign_in_id': (await another_device(of=student)).sign_in_id,
            'refresh_token': (await database.write(tokens.enter, student.user_id, 'A script')).refresh_token,
            'password': PASSWORD,
        }
    )
    return things, klass.learner


def _a_picture(tx: Transaction, course_id: int) -> str:
    """The name of a picture that is in one course alone; it is not on the disk."""
    name = f'{course_id:064x}.png'
    pictures.keep(tx, course_id, name, stored_as=f'picture{course_id}', size=1)
    return name


async def _the_next_class(klass: ClassAtHand) -> ClassAtHand:
    for who in klass.learners:
        await join_class(klass, by=who)
        await tap(klass, klass.checkpoints[0], by=who)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    return replace(klass, session_id=await database.write(sessions.start, klass.teacher, klass.course_id))


async def _a_certificate(teacher: Actor, student: Actor) -> str:
    """The serial of a certificate that a student has earned in another course."""
    course = await a_course(by=teacher, title='Completed', checkpoints=1)
    await database.write(joining.join, student, code=course.code)
    await mark(course.checkpoints[0], by=student)
    (certificate,) = await database.read(lookup.own, student)
    return certificate.serial


async def _a_quiz(klass: ClassAtHand, student: Actor, *, module_id: int, size: int) -> Things:
    """What a quiz of many questions is made of, that everybody has taken, and the student is taking once more."""
    short = [replace(NAME_IT, title=f'Short {number}') for number in range(size)]
    quiz = await a_quiz(questions=(FINEST, WHY, *short), klass=klass, module_id=module_id)
    answers = [RIGHT[0], Answer(text='Because of large pores.'), Answer(text='peat')]
    for guest in klass.learners:
        await take(quiz, answers, by=guest)
    submitted = await take(quiz, answers, by=student)
    add = klass.teacher, klass.course_id
    deleted, *spare = await database.write(bank.add_many, *add, [HOW_ACID] * (size + 1))
    await database.write(bank.delete, klass.teacher, deleted)
    question_id, essay_id, short_id, *_ = quiz.question_ids
    return {
        'quiz_id': quiz.checkpoint_id,
        'question_id': question_id,
        'essay_id': essay_id,
        'short_question_id': short_id,
        'spare_question_id': spare[0],
        'deleted_question_id': deleted,
        'submitted_attempt_id': submitted,
        'attempt_id': await begin(quiz, by=student),
        'position': 0,
        'essay_position': 1,
    }


async def _assignments(klass: ClassAtHand, student: Actor, *, module_id: int) -> Things:
    """An assignment that everybody has handed in, with a file that comes back, and one with a draft of the student."""
    handed, open_ = [
        await database.write(
            checkpoints.add_one,
            klass.teacher,
            klass.course_id,
            module_id=module_id,
            details=Details(title=title, kind=CheckpointKind.ASSIGNMENT),
        )
        for title in ('Handed in', 'Open')
    ]
    for who in (*klass.learners, student):
        await database.write(submissions.save_text, who, handed, text='Sandy.')
        await database.write(submissions.submit, who, handed)
    submission_id = (await database.read(submissions.task, student, handed)).tries[0].submission_id
    came, own = (
        Arrived(name='soil.pdf', size=1, stored_as=f'{name}{klass.course_id}', known=file_types.PDF)
        for name in ('back', 'own')
    )
    back = await database.write(files_back.add, klass.teacher, submission_id, came)
    file_id = await database.write(handed_in.add, student, open_, own)
    return {
        'assignment_id': handed,
        'open_assignment_id': open_,
        'submission_id': submission_id,
        'file_back_id': back,
        'handed_file_id': file_id,
    }


async def _codes(child: Actor) -> Things:
    code = await database.write(parent_codes.make, child, child_id=child.user_id)
    return {'code_id': code.code_id, 'parent_code': code.code}


async def _mails(admin: Actor) -> Things:
    """A link for a new password, and a mail that was not sent."""

    def fail(tx: Transaction) -> int:
        mail_id = outbox.put(tx, MailKind.CHANGED, Addressed(address='gone@example.org'))
        taken = outbox.take(tx)
        assert taken is not None
        outbox.put_off(tx, taken, NotSent(phrase('There is no such person.'), is_final=True))
        return mail_id

    link = await database.write(resets.make_link_for, admin, email='stella@example.org')
    return {'password_link': link, 'mail_id': await database.write(fail)}


def _a_program(tx: Transaction, actor: Actor) -> int:
    made = tokens.enter(tx, actor.user_id, 'A script')
    return int(tokens.read(made.access_token).sign_in_id)


def _more_courses(tx: Transaction, teacher: Actor, number: int) -> None:
    for _ in range(number):
        catalog.create(tx, teacher, title='More')


def _notes(tx: Transaction, student: Actor, checkpoints: tuple[int, ...]) -> list[editing.OwnNote]:
    return [editing.write(tx, student, checkpoint, text='Wet the sample', tags=['soil']) for checkpoint in checkpoints]


def _goals(tx: Transaction, student: Actor, course_id: int, number: int) -> list[personal.OwnGoal]:
    wish = Wish(title='Pass', course_id=course_id, milestones=(OwnMilestone(title='Half of it'),))
    return [personal.add(tx, student, wish=wish) for _ in range(number)]
