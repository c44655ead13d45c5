"""A school in which everything is there, and people write in Greek: so Latin letters on its pages are the program's.

Its people read the made-up language, in which every text that can be translated stands in brackets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import typst
from sqlalchemy import delete, select, update
from sqlmodel import col

from models import Certificate, Course, Job, LiveQuestionState, NoticeKind, ParentCode, User
from services.access import Actor
from services.accounts import addresses, parent_codes, registration, resets, tokens
from services.activity.following import Running
from services.certificates import render_queue
from services.content.uploads import attaching
from services.content.uploads.attaching import Given
from services.content.uploads.file_types import Found
from services.content.uploads.slots import VTT, Part
from services.core import clock, database
from services.core.languages import PSEUDO
from services.core.phrases import phrase, stored
from services.core.secrets import spell_code
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, modules, outline
from services.courses.checkpoints import Details
from services.enums import Scope, Verb
from services.goals import personal
from services.goals.personal import OwnMilestone, Wish
from services.live import learner_marks, sessions
from services.live.help import queue
from services.live.questions import answering, asking
from services.notes import editing
from services.notices import follower, inbox, unsubscribing
from services.parents import links, looks
from services.people import custom_fields, groups, joining, merging, participants
from services.privacy import erasure_requests, holds
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, Option, Question, QuestionKind
from tests.factories.classes import ClassAtHand, CourseAtHand, join_class, mark, tap
from tests.factories.documents import a_pdf, a_text
from tests.factories.people import a_guest, a_parent, a_student, an_admin, an_instructor
from tests.factories.study import arrive, leave
from tests.factories.videos import a_video
from tests.support.greek_assignments import greek_assignments
from tests.support.greek_bank import greek_bank
from tests.support.greek_lms import greek_lms
from tests.support.greek_predictions import greek_predictions
from tests.support.greek_quizzes import greek_quizzes
from tests.support.greek_reports import greek_reports

IN_CLASS = Question(
    kind=QuestionKind.SINGLE_CHOICE,
    text='Ποιο χώμα;',
    options=(Option(text='Πηλός', credit=WHOLE, feedback='Μπράβο'), Option(text='Άμμος')),
)
DEVICES = 'Laptop', 'Phone', 'Browser'
"""the devices of these people, named by the factories"""
TEN = 'Άλκης', 'Βάσω', 'Γωγώ', 'Δάφνη', 'Έλλη', 'Ζήσης', 'Ηρώ', 'Θεανώ', 'Ίρις', 'Κίμων'
"""enough learners that something is said of the questions they answered"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GreekSchool:
    """Who is there, where they look, and which Latin letters are not words."""

    people: Mapping[str, Actor | None]
    things: Mapping[str, object]
    codes: tuple[str, ...]
    """codes and keys, as they are shown"""


async def a_greek_school() -> GreekSchool:
    """Prepare everything that a page can show."""
    admin, teacher = await an_admin(name='Άννα'), await an_instructor(name='Ηλίας')
    student, nobody_yet = await a_student(name='Σοφία'), await a_student(name='Νίκη')
    running, guest = await _a_running_class(teacher, student)
    link = await database.write(resets.make_link, admin, user_id=student.user_id)
    with_quizzes = await _a_class(teacher, 'Πρώτο', learners=TEN)
    quizzes = await greek_quizzes(with_quizzes, student)
    things: dict[str, object] = {
        'running': running.course_id,
        'code': running.code,
        'steps': running.checkpoints,
        'session': running.session_id,
        'over': await _a_class_that_is_over(teacher, student),
        'paused': await _a_paused_class(teacher, student),
        'archived': await _an_archived_course(teacher, student),
        'empty': await _an_empty_course(teacher),
        'completed': await _a_completed_course(teacher, student),
        'quizzes': quizzes,
        'bank': await greek_bank(with_quizzes, quizzes),
        'assignments': await greek_assignments(await _a_class(teacher, 'Πέμπτο'), student),
        'guest': guest.user_id,
        'student': student.user_id,
        'other child': nobody_yet.user_id,
        'link': link,
        'guest_link': await database.write(resets.make_link, teacher, user_id=guest.user_id),
        'claim': await database.read(_a_link_of_an_address, student.user_id),
        'invitation': await database.write(registration.invite_instructor, admin),
    }
    await greek_predictions(running, student)
    await _what_an_admin_sees(admin)
    newcomer = await an_instructor(name='Νέστορας')
    parent = await _a_family(student, nobody_yet)
    await database.write(_goals_and_notes, student, running)
    things['report'] = await greek_reports(teacher, running.course_id, student)
    things['unsubscribe'] = await database.read(_an_end_of_mails, student.user_id)
    things['lms'] = await greek_lms(teacher, running.course_id)
    things['serial'] = await database.write(_certificate_without_print)
    await Running(follower.FOLLOWER).catch_up()
    things['notice'] = (await database.read(inbox.look, student)).notices[0].notice_id
    await database.write(lambda tx: tx.execute(update(User).values(language=PSEUDO)))
    people = {
        'nobody': None,
        'admin': admin,
        'teacher': teacher,
        'new teacher': newcomer,
        'student': student,
        'new student': nobody_yet,
        'parent': parent,
        'new parent': await a_parent(name='Πέτρος'),
        'guest': guest,
    }
    people = {who: replace(actor, language=PSEUDO) if actor else None for who, actor in people.items()}
    return GreekSchool(people=people, things=things, codes=await database.read(_codes))


async def _a_family(student: Actor, other: Actor) -> Actor:
    """A parent of two, another who has been blocked, and codes that nobody has used."""
    parent, blocked = await a_parent(of=student, name='Μαρία'), await a_parent(of=other, name='Πάνος')
    code = await database.write(parent_codes.make, other, child_id=other.user_id)
    await database.write(parent_codes.add_child, parent, code=code.code)
    await database.write(looks.note, parent, child_id=student.user_id)
    await database.write(parent_codes.make, student, child_id=student.user_id)
    admin = await an_admin(name='Άρης')
    await database.write(links.block, admin, child_id=other.user_id, parent_id=blocked.user_id)
    return parent


async def _a_course(teacher: Actor, *titles: str) -> CourseAtHand:
    course_id = await database.write(catalog.create, teacher, title='Έδαφος', description='Τι είναι', subject='Γη')
    (module,) = await database.read(outline.sections, teacher, course_id)
    await database.write(modules.edit, teacher, module.module_id, title='Αρχή', description='Η αρχή')
    checkpoint_ids = (
        await database.write(checkpoints.add, teacher, module.module_id, lines='\n'.join(titles)) if titles else []
    )
    facts = await database.read(catalog.facts, teacher, course_id)
    return CourseAtHand(
        course_id=course_id,
        module_id=module.module_id,
        checkpoints=tuple(checkpoint_ids),
        code=facts.code,
        teacher=teacher,
    )


async def _a_class(teacher: Actor, *titles: str, learners: tuple[str, ...] = ()) -> ClassAtHand:
    course = await _a_course(teacher, *titles)
    session_id = await database.write(sessions.start, teacher, course.course_id)
    joined = tuple([await a_guest(code=course.code, name=name) for name in learners])
    return ClassAtHand(
        course_id=course.course_id,
        module_id=course.module_id,
        session_id=session_id,
        checkpoints=course.checkpoints,
        code=course.code,
        teacher=teacher,
        learners=joined,
    )


async def _a_running_class(teacher: Actor, student: Actor) -> tuple[ClassAtHand, Actor]:
    """Every kind of checkpoint, and learners in every state."""
    names = 'Γιώργος', 'Δήμητρα', 'Ελένη', 'Ζωή', 'Θάνος', 'Ιάσονας', 'Κώστας'
    klass = await _a_class(teacher, 'Πρώτο', 'Κείμενο', 'Αρχείο', 'Ταινία', 'Δείγμα', 'Σβήνω', 'Δες', learners=names)
    teach = teacher, klass.course_id
    for who in (*klass.learners, student):
        if who is student:
            await database.write(joining.join, student, code=klass.code)
        await join_class(klass, by=who)
    await _fill(klass)
    first, second, *_others = klass.learners
    for who in (first, second, student):
        await tap(klass, klass.checkpoints[0], by=who)
    await tap(klass, klass.checkpoints[1], by=second, verb=Verb.STARTED)
    for who in (second, student):
        asked = await database.write(queue.ask, who, klass.session_id, klass.checkpoints[1], 'Βοήθεια')
    await database.write(queue.claim, teacher, asked)
    await _mind_people(klass)
    await database.write(sessions.set_current, *teach, klass.checkpoints[4])
    await database.write(learner_marks.hide, *teach, user_id=first.user_id, hidden=True)
    colleague = await an_instructor(name='Λουκάς', email='colleague@example.org')
    await database.write(catalog.add_co_instructor, *teach, email='colleague@example.org')
    await database.write(sessions.give_time, colleague, klass.course_id)
    await _ask(klass, student, LiveQuestionState.CLOSED, LiveQuestionState.SOLUTION)
    await arrive(student, klass.checkpoints[1])
    await leave(student, klass.course_id)
    return klass, first


async def _ask(klass: ClassAtHand, who: Actor, *states: LiveQuestionState) -> None:
    asked = await database.write(asking.ask_new, klass.teacher, klass.course_id, IN_CLASS)
    given = answering.Given(actor=who, live_question_id=asked, tap_id='ask', answer=Answer(chosen=(1,)))
    await answering.save(given)
    for state in states:
        await database.write(asking.move, klass.teacher, asked, state)


async def _fill(klass: ClassAtHand) -> None:
    teacher, checkpoint_ids = klass.teacher, klass.checkpoints
    extra = await database.write(modules.add, teacher, klass.course_id, title='Τέλος')
    await database.write(checkpoints.move, teacher, checkpoint_ids[4], module_id=extra, index=0)
    details = Details(
        title='Δείγμα',
        description='Πάρε χώμα',
        estimated_minutes=5,
        due_at=clock.now() + timedelta(days=2),
        tags=('χώμα',),
        is_preview=False,
    )
    await database.write(checkpoints.edit, teacher, checkpoint_ids[4], details)
    await a_text(klass, checkpoint_ids[1], body='## Μέρος\n\nΒρέξε το χώμα.')
    await a_pdf(klass, checkpoint_ids[2], content=typst.compile('Χώμα #pagebreak() Νερό'.encode()), pages=2)
    await a_video(klass, checkpoint_ids[3], stored_as='ταινία')
    captions = Given(name='λόγια', size=9, stored_as='λόγια', found=Found(media_type=VTT))
    await database.write(attaching.attach, teacher, checkpoint_ids[3], Part.CAPTIONS, captions)
    await a_text(klass, checkpoint_ids[6], body='Δες', is_preview=True)
    await database.write(checkpoints.delete, teacher, checkpoint_ids[5])
    gone = await database.write(modules.add, teacher, klass.course_id, title='Σβησμένο')
    await database.write(modules.delete, teacher, gone)


async def _mind_people(klass: ClassAtHand) -> None:
    """One is in a group, with more time and fields; one is out; one has turned out to be another."""
    teach = klass.teacher, klass.course_id
    _first, second, third, fourth, fifth, *_others = (learner.user_id for learner in klass.learners)
    await database.write(groups.put, *teach, user_id=second, name='Ομάδα')
    await database.write(groups.give_extra_time, *teach, user_id=second, percent=25)
    await database.write(custom_fields.fill, *teach, user_id=second, fields=[('Τάξη', 'Άλφα')])
    await database.write(participants.remove, *teach, user_id=third)
    await database.write(merging.merge, *teach, guest_id=fourth, into_id=fifth)


async def _a_class_that_is_over(teacher: Actor, student: Actor) -> Mapping[str, int]:
    klass = await _a_class(teacher, 'Πρώτο', 'Δεύτερο', learners=('Μαρία', 'Νίκος', 'Ξένια'))
    await database.write(joining.join, student, code=klass.code)
    for who in klass.learners[:2]:
        await join_class(klass, by=who)
        await tap(klass, klass.checkpoints[0], by=who, verb=Verb.STARTED)
        await tap(klass, klass.checkpoints[0], by=who)
    await _ask(klass, klass.learner)
    await database.write(sessions.end, teacher, klass.course_id)
    return {'course': klass.course_id, 'session': klass.session_id}


async def _a_paused_class(teacher: Actor, student: Actor) -> int:
    klass = await _a_class(teacher, 'Πρώτο')
    await database.write(joining.join, student, code=klass.code)
    await database.write(sessions.pause, teacher, klass.course_id, 'Διάλειμμα')
    return klass.course_id


async def _an_archived_course(teacher: Actor, student: Actor) -> int:
    course = await _a_course(teacher, 'Πρώτο')
    await database.write(joining.join, student, code=course.code)
    await database.write(catalog.archive, teacher, course.course_id, archived=True)
    return course.course_id


async def _an_empty_course(teacher: Actor) -> int:
    deleted = await _a_course(teacher, 'Πρώτο')
    await database.write(catalog.delete, teacher, deleted.course_id)
    return (await _a_course(teacher)).course_id


async def _a_completed_course(teacher: Actor, student: Actor) -> Mapping[str, int]:
    course = await _a_course(teacher, 'Πρώτο', 'Δεύτερο')
    await database.write(joining.join, student, code=course.code)
    for checkpoint in course.checkpoints:
        await mark(checkpoint, by=student)
    return {'course': course.course_id, 'step': course.checkpoints[0]}


async def _what_an_admin_sees(admin: Actor) -> None:
    await database.write(registration.invite_admin, admin)
    await database.write(tokens.add_service, admin, name='Υπηρεσία', scope=Scope.PROGRESS)
    disabled = await a_student(name='Όλγα')
    leaving, held = await a_student(name='Φανή'), await a_student(name='Χλόη')
    await database.write(erasure_requests.ask, leaving)
    until = clock.now().date() + timedelta(days=90)
    await database.write(holds.hold, admin, user_id=held.user_id, reason='Νόμος', until=until)
    await database.write(lambda tx: tx.execute(update(User).where(col(User.id) == disabled.user_id).values(
        disabled_at=tx.now)))  # fmt: skip


def _a_link_of_an_address(tx: Transaction, user_id: int) -> str:
    return addresses._link(tx.session.get_one(User, user_id))


def _an_end_of_mails(tx: Transaction, user_id: int) -> str:
    email = tx.session.get_one(User, user_id).email or ''
    place = urlsplit(unsubscribing.address(user_id, email, [NoticeKind.GRADE]))
    return f'{place.path}?{place.query}'


def _goals_and_notes(tx: Transaction, student: Actor, klass: ClassAtHand) -> None:
    today = clock.now().date()
    milestones = OwnMilestone(title='Μισό', due_on=today), OwnMilestone(title='Όλο')
    for due_on in None, today - timedelta(days=3), today + timedelta(days=9):
        wish = Wish(title='Στόχος', course_id=klass.course_id, due_on=due_on, milestones=milestones)
        goal = personal.add(tx, student, wish=wish)
    personal.achieve(tx, student, goal.goal_id)
    for checkpoint, position in zip(klass.checkpoints, (None, 0.5, 2, 70, None), strict=False):
        editing.write(tx, student, checkpoint, text='Σημείωση', tags=['χώμα'], position=position)
        editing.write(tx, student, checkpoint, text='', is_bookmark=True, position=position)


def _certificate_without_print(tx: Transaction) -> str:
    certificate = tx.session.scalars(select(Certificate)).one()
    render_queue.put_off(tx, certificate.id, phrase('It took longer than {seconds} seconds.', seconds=60))
    tx.execute(delete(Job).where(col(Job.kind) == 'classes'))
    problem = stored(phrase('The system says: {reason}.', reason='Γέμισε'), most=280)
    job = {'kind': 'classes', 'key': '', 'due_at': tx.now, 'problem': problem}
    tx.session.add(Job(**job))
    return certificate.serial


def _codes(tx: Transaction) -> tuple[str, ...]:
    """Every code and key that these pages show."""
    columns = Course.code, User.rejoin_code, ParentCode.code
    codes = [code for column in columns for code in tx.session.scalars(select(col(column)))]
    spelled = [spell_code(code) for code in codes if code]
    return (*spelled, *(code for code in codes if code), *tx.session.scalars(select(col(Certificate.serial))))
