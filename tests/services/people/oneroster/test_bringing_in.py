"""The lists of a school: what was shown is done, what people did stays, and a second time changes nothing."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import func, select

from models import Course, Enrollment, Role, User
from services.access import Actor
from services.core import database
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.courses import catalog
from services.people import merging, participants
from services.people.oneroster import bringing_in, plan, tying, writing
from services.people.oneroster.reading import roster_of
from services.people.oneroster.school import Roster
from services.people.oneroster.steps import Kind, Plan
from services.progress import enrollments
from tests.factories.classes import a_course
from tests.factories.people import a_guest, a_student, an_admin, an_instructor
from tests.support.oneroster import a_class, an_export, place, user
from tests.support.shared_files import shared
from tests.support.work_time import work_of_at_most

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3'), pytest.mark.both_databases]

PEOPLE = [
    user('t1', 'Ines Instructor', 'teacher', email='ines@example.org'),
    user('s1', 'Lena Brandt', email='lena@example.org'),
    user('s2', 'Omar Said'),
    user('p1', 'Paula Brandt', 'parent'),
]
CLASSES = [a_class('c1', 'Physics'), a_class('c2', 'History')]
PLACES = [
    place('e1', 'c1', 't1', 'teacher'),
    place('e2', 'c1', 's1'),
    place('e3', 'c1', 's2'),
    place('e4', 'c2', 's1'),
]


def a_school(**tables: list[list[str]]) -> Roster:
    return roster_of(an_export(**({'users': PEOPLE, 'classes': CLASSES, 'enrollments': PLACES} | tables)))


def changes(**tables: list[list[str]]) -> Roster:
    return roster_of(an_export(mode='delta', **tables))


async def looked(admin: Actor, roster: Roster) -> Plan:
    return await database.read(plan.plan, admin, roster)


async def brought(admin: Actor, roster: Roster) -> list[tuple[str, str]]:
    """Bring an export in as it was shown; returns what was done. A second time nothing is left to do."""
    shown = await looked(admin, roster)
    await bringing_in.bring_in(admin, roster, mark=shown.mark, is_sure=shown.is_doubtful)
    assert (await looked(admin, roster)).steps == ()
    return [(step.kind.value, step.name) for step in shown.steps]


async def courses() -> dict[str, Course]:
    def read(tx: Transaction) -> dict[str, Course]:
        return {course.title: course for course in tx.session.scalars(select(Course))}

    return await database.read(read)


async def learners(admin: Actor, title: str) -> dict[str, int]:
    course = (await courses())[title]
    found = await database.read(participants.of_course, admin, course.id)
    return {person.name: person.user_id for person in found.learners if not person.is_removed}


async def people() -> int:
    def read(tx: Transaction) -> int:
        return tx.execute(select(func.count()).select_from(User)).scalar_one()

    return await database.read(read)


async def test_looking_changes_nothing_and_bringing_in_does_what_was_shown() -> None:
    admin, before = await an_admin(), await people()
    roster = a_school()
    shown = await looked(admin, roster)
    assert await people() == before
    assert await courses() == {}
    assert [(step.kind.value, step.name, step.about) for step in shown.steps] == [
        ('new_teacher', 'Ines Instructor', 'ines@example.org'),
        ('new_learner', 'Lena Brandt', 'lena@example.org'),
        ('new_learner', 'Omar Said', ''),
        ('new_class', 'Physics', ''),
        ('new_class', 'History', ''),
        ('teaches', 'Ines Instructor', 'Physics'),
        ('enters', 'Lena Brandt', 'Physics'),
        ('enters', 'Omar Said', 'Physics'),
        ('enters', 'Lena Brandt', 'History'),
    ]
    assert (shown.people, shown.others) == (3, 1)

    await brought(admin, roster)
    found = await courses()
    assert found['Physics'].subject == 'Science'
    assert found['History'].owner_id == admin.user_id, 'nobody teaches it there'
    assert list(await learners(admin, 'Physics')) == ['Lena Brandt', 'Omar Said']
    teacher = await one(found['Physics'].owner_id)
    assert (teacher.name, teacher.role, teacher.email) == ('Ines Instructor', Role.INSTRUCTOR, 'ines@example.org')
    assert teacher.email_confirmed_at, 'only then a link for a password is mailed there'
    assert teacher.password_hash, 'an account, whose password is chosen by mail or by a link of the school'
    lena = await one((await learners(admin, 'Physics'))['Lena Brandt'])
    assert lena.rejoin_code, 'a guest, who comes in with a code as from any class list'
    assert lena.email is None, 'an address of a list proves nothing'


async def one(user_id: int) -> User:
    def read(tx: Transaction) -> User:
        return tx.session.get_one(User, user_id)

    return await database.read(read)


async def test_what_is_not_what_was_shown_is_not_done() -> None:
    admin = await an_admin()
    shown = await looked(admin, a_school())
    with pytest.raises(Refused, match='Something has changed'):
        await bringing_in.bring_in(admin, a_school(users=[*PEOPLE, user('s9', 'Eva Lund')]), mark=shown.mark)
    assert await courses() == {}


async def test_only_an_admin_looks_and_brings_in() -> None:
    teacher, roster = await an_instructor(), a_school()
    shown = await looked(await an_admin(), roster)
    with pytest.raises(NotFound):
        await looked(teacher, roster)
    with pytest.raises(NotFound):
        await bringing_in.bring_in(teacher, roster, mark=shown.mark)
    assert await courses() == {}


async def test_those_who_are_not_in_a_whole_list_are_marked_and_keep_what_they_did() -> None:
    admin = await an_admin()
    await brought(admin, a_school())
    lena = (await learners(admin, 'Physics'))['Lena Brandt']
    done = await brought(
        admin, a_school(users=[PEOPLE[0], PEOPLE[2]], classes=[CLASSES[0]], enrollments=[PLACES[0], PLACES[2]])
    )
    assert done == [('left', 'Lena Brandt'), ('ended', 'History'), ('leaves', 'Lena Brandt')]
    found = await courses()
    assert found['History'].archived_at
    assert found['History'].deleted_at is None
    assert list(await learners(admin, 'Physics')) == ['Omar Said']
    person = await one(lena)
    assert (person.name, person.disabled_at) == ('Lena Brandt', None)

    done = await brought(admin, a_school())
    assert done == [('back', 'Lena Brandt'), ('resumed', 'History'), ('back_in', 'Lena Brandt')]
    assert (await learners(admin, 'Physics'))['Lena Brandt'] == lena
    assert (await learners(admin, 'History'))['Lena Brandt'] == lena
    assert (await courses())['History'].archived_at is None


async def test_a_list_of_changes_changes_what_it_names() -> None:
    admin = await an_admin()
    await brought(admin, a_school())
    roster = changes(
        users=[user('s3', 'Mia Roth'), user('s2', 'Omar Saïd')],
        classes=[a_class('c1', 'Physics 1')],
        enrollments=[place('e5', 'c1', 's3'), place('e2', 'c1', 's1', status='tobedeleted')],
    )
    assert await brought(admin, roster) == [
        ('new_learner', 'Mia Roth'),
        ('renamed', 'Omar Saïd'),
        ('retitled', 'Physics 1'),
        ('enters', 'Mia Roth'),
        ('leaves', 'Lena Brandt'),
    ]
    assert list(await learners(admin, 'Physics 1')) == ['Mia Roth', 'Omar Saïd']
    assert list(await learners(admin, 'History')) == ['Lena Brandt']


async def test_a_learner_with_two_places_in_a_class_stays_until_both_have_ended() -> None:
    """A system may have two lines for one class, as for two terms; a list of changes names only the one that ends."""
    admin = await an_admin()
    await brought(admin, a_school(enrollments=[*PLACES, place('e5', 'c1', 's1')]))
    first, second = (changes(enrollments=[place(id_, 'c1', 's1', status='tobedeleted')]) for id_ in ('e2', 'e5'))
    assert await brought(admin, first) == [('keeps_another', 'Lena Brandt')]
    assert 'Lena Brandt' in await learners(admin, 'Physics')
    assert await brought(admin, second) == [('leaves', 'Lena Brandt')]
    assert 'Lena Brandt' not in await learners(admin, 'Physics')


async def test_somebody_whom_the_other_system_had_twice_stays_when_it_forgets_one() -> None:
    admin = await an_admin()
    twice = [*PEOPLE, user('s9', 'Lena Brand')]
    await brought(admin, a_school(users=twice, enrollments=[*PLACES, place('e9', 'c1', 's9')]))
    found, course = await learners(admin, 'Physics'), (await courses())['Physics']
    ids = {'guest_id': found['Lena Brand'], 'into_id': found['Lena Brandt']}
    await database.write(merging.merge, admin, course.id, **ids)
    forgets = changes(
        users=[user('s9', 'Lena Brand', status='tobedeleted')],
        enrollments=[place('e9', 'c1', 's9', status='tobedeleted')],
    )
    assert await brought(admin, forgets) == [('left', 'Lena Brandt'), ('keeps_another', 'Lena Brandt')]
    assert 'Lena Brandt' in await learners(admin, 'Physics')
    assert 'Lena Brandt' in await learners(admin, 'History')


async def test_a_list_that_broke_off_after_the_people_is_completed_by_the_next() -> None:
    admin = await an_admin()
    await brought(admin, a_school())
    roster = replace(a_school(users=[PEOPLE[0], PEOPLE[2]]), places={}, whole=frozenset({'users'}))
    shown = await looked(admin, roster)
    await database.write(writing.people, admin, roster, [step for step in shown.steps if step.kind is Kind.LEFT])
    assert await brought(admin, roster) == [('leaves', 'Lena Brandt'), ('leaves', 'Lena Brandt')]


async def test_a_teacher_who_has_left_gets_no_new_course() -> None:
    admin = await an_admin()
    await brought(admin, a_school())
    gone = user('t1', 'Ines Instructor', 'teacher', email='ines@example.org', on='false')
    more = [*PLACES, place('e7', 'c7', 't1', 'teacher'), place('e8', 'c7', 's1')]
    await brought(
        admin, a_school(users=[gone, *PEOPLE[1:]], classes=[*CLASSES, a_class('c7', 'Art')], enrollments=more)
    )
    assert (await courses())['Art'].owner_id == admin.user_id


async def test_what_people_here_have_decided_stays() -> None:
    """A learner whom a teacher has taken out, a title that was chosen, a course that was deleted."""
    admin = await an_admin()
    await brought(admin, a_school())
    found, omar = await courses(), (await learners(admin, 'Physics'))['Omar Said']
    physics, history = found['Physics'].id, found['History'].id
    await database.write(participants.remove, admin, physics, user_id=omar)
    await database.write(catalog.edit, admin, physics, title='Physics, live', description='', subject='')
    await database.write(catalog.delete, admin, history)
    shown = await looked(admin, a_school(classes=[a_class('c1', 'Physics A'), CLASSES[1]]))
    assert shown.steps == ()
    assert [str(each.phrase) for each in shown.problems] == [
        'classes.csv, line 3: the course of “History” was deleted here, and stays so.'
    ]
    assert 'Omar Said' not in await learners(admin, 'Physics, live')


async def test_accounts_with_the_same_confirmed_address_are_the_same_people() -> None:
    admin = await an_admin()
    teacher = await an_instructor(name='Ines I.', email='ines@example.org')
    student = await a_student(name='Lena B.', email='lena@example.org')
    done = await brought(admin, a_school())
    assert ('known', 'Ines I.') in done
    assert ('known', 'Lena B.') in done
    assert (await courses())['Physics'].owner_id == teacher.user_id
    assert (await learners(admin, 'Physics'))['Lena B.'] == student.user_id


async def test_an_address_makes_nobody_an_instructor_and_no_siblings_one() -> None:
    admin = await an_admin()
    await a_student(name='Sly', email='ines@example.org')
    twins = [user('s1', 'Anna Roth', email='roth@example.org'), user('s2', 'Ben Roth', email='roth@example.org')]
    await a_student(name='Mother Roth', email='roth@example.org')
    shown = await looked(admin, a_school(users=[PEOPLE[0], *twins]))
    assert [(step.kind, step.name) for step in shown.steps][:2] == [
        (Kind.NEW_LEARNER, 'Anna Roth'),
        (Kind.NEW_LEARNER, 'Ben Roth'),
    ]
    (problem,) = shown.problems
    assert str(problem.phrase).startswith('users.csv, line 2: Ines Instructor has the address of an account here')


async def test_what_names_nobody_is_named_by_file_and_line() -> None:
    shown = await looked(
        await an_admin(),
        a_school(
            users=[*PEOPLE, user('t2', 'Tom Taught', 'teacher')],
            enrollments=[
                place('e1', 'c9', 's1'),
                place('e2', 'c1', 's9'),
                place('e3', 'c1', 's1', 'teacher'),
                place('e4', 'c1', 't2', 'teacher'),
            ],
        ),
    )
    assert [str(each.phrase) for each in shown.problems] == [
        'enrollments.csv, line 2: “c9” is not among the classes.',
        'enrollments.csv, line 3: “s9” is not among the users.',
        'enrollments.csv, line 4: Lena Brandt learns here, and only instructors teach.',
        'users.csv, line 6: Tom Taught teaches and has no e-mail address, which an account needs.',
    ]


async def test_a_guest_who_turned_out_to_be_somebody_is_that_person_in_the_next_list() -> None:
    admin = await an_admin()
    await brought(admin, a_school())
    course, guest_id = (await courses())['Physics'], (await learners(admin, 'Physics'))['Omar Said']
    student = await a_student(name='Omar S.')
    await database.write(enrollments.enroll, course_id=course.id, user_id=student.user_id, name=student.name)
    await database.write(merging.merge, admin, course.id, guest_id=guest_id, into_id=student.user_id)
    assert (await looked(admin, a_school())).steps == ()
    gone = a_school(users=[PEOPLE[0], PEOPLE[1]], enrollments=PLACES[:2] + PLACES[3:])
    await brought(admin, gone)
    assert 'Omar S.' not in await learners(admin, 'Physics')


async def test_lists_of_two_systems_do_not_touch_each_other() -> None:
    admin = await an_admin()
    await brought(admin, a_school())
    other = replace(a_school(users=[], classes=[], enrollments=[]), source='Another')
    assert (await looked(admin, other)).steps == ()


async def test_an_export_that_would_empty_the_school_is_marked() -> None:
    admin = await an_admin()
    many = [user(f's{number}', f'Learner {number}') for number in range(12)]
    await brought(admin, a_school(users=many, classes=[], enrollments=[]))
    assert (await looked(admin, a_school(users=many[:3], classes=[], enrollments=[]))).empties
    assert not (await looked(admin, a_school(users=many[:11], classes=[], enrollments=[]))).empties


async def test_the_samples_are_brought_in_twice() -> None:
    admin = await an_admin()
    for name in ('1.1_catalyst_full.zip', '1.2_catalyst_base.zip'):
        roster = roster_of([(name, shared(f'samples/oneroster/{name}'))])
        done = await brought(admin, roster)
        assert done
    assert set(await courses()) == {'Introduction to Physics', 'Basic Detection'}
    assert list(await learners(admin, 'Introduction to Physics')) == ['Jim Smith', 'mmichel Jones']
    assert list(await learners(admin, 'Basic Detection')) == ['Bruce Wayne']


async def test_a_guest_of_a_class_is_no_part_of_the_list() -> None:
    """Who joined with the code of a class stays there, whatever the list says."""
    admin = await an_admin()
    await brought(admin, a_school())
    await a_guest(code=(await courses())['Physics'].code, name='Gus Guest')
    await brought(admin, a_school(users=PEOPLE[:1], enrollments=PLACES[:1]))
    assert list(await learners(admin, 'Physics')) == ['Gus Guest']


async def test_a_thousand_people_are_brought_in_beside_the_event_loop() -> None:
    admin = await an_admin()
    many = [user(f's{number}', f'Learner {number}') for number in range(1_000)]
    groups = [a_class(f'c{number}', f'Class {number}') for number in range(20)]
    put = [place(f'e{number}', f'c{number % 20}', f's{number}') for number in range(1_000)]
    roster = a_school(users=many, classes=groups, enrollments=put)
    shown = await looked(admin, roster)
    with work_of_at_most(0.5):
        await bringing_in.bring_in(admin, roster, mark=shown.mark)

    def count(tx: Transaction) -> int:
        return tx.execute(select(func.count()).select_from(Enrollment)).scalar_one()

    assert await database.read(count) == 1_000


async def test_a_file_that_broke_off_ends_no_places_unless_an_admin_says_so() -> None:
    admin = await an_admin()
    await brought(admin, a_school())
    half = a_school(enrollments=PLACES[:2])
    shown = await looked(admin, half)
    assert (shown.ending, shown.places, shown.is_doubtful) == (2, 4, True)
    with pytest.raises(Refused, match='More than a third'):
        await bringing_in.bring_in(admin, half, mark=shown.mark)
    assert len(await learners(admin, 'Physics')) == 2
    await bringing_in.bring_in(admin, half, mark=shown.mark, is_sure=True)
    assert list(await learners(admin, 'Physics')) == ['Lena Brandt']

    await brought(admin, a_school())
    shown = await looked(admin, a_school(enrollments=PLACES[:3]))
    assert (shown.ending, shown.is_doubtful) == (1, False)


async def test_a_class_is_tied_to_a_course_that_is_here_and_everybody_in_it_stays() -> None:
    admin, course = await an_admin(), await a_course(title='Physics of old')
    friend = await a_guest(code=course.code)
    roster, ties = a_school(), {'c1': course.course_id}
    shown = await database.read(partial(plan.plan, ties=ties), admin, roster)
    assert [(step.name, step.about) for step in shown.of(Kind.TIED)] == [('Physics', 'Physics of old')]
    assert [step.name for step in shown.of(Kind.NEW_CLASS)] == ['History']
    assert shown.mark != (await looked(admin, roster)).mark
    with pytest.raises(Refused, match='changed here'):
        await bringing_in.bring_in(admin, roster, mark=shown.mark)

    await bringing_in.bring_in(admin, roster, mark=shown.mark, ties=ties)
    assert set(await courses()) == {'Physics of old', 'History'}
    there = await learners(admin, 'Physics of old')
    assert set(there) == {friend.name, 'Lena Brandt', 'Omar Said'}
    assert (await looked(admin, roster)).steps == (), 'the next list knows the class'

    free = [each.course_id for each in await database.read(tying.free, admin)]
    assert course.course_id not in free
    for taken in ({'c9': course.course_id}, {'c8': 10_000}):
        with pytest.raises(Refused, match='cannot be tied'):
            await database.read(partial(plan.plan, ties=taken), admin, roster)
    left = await looked(admin, a_school(enrollments=PLACES[:1], users=PEOPLE[:2]))
    assert {step.name for step in left.of(Kind.LEAVES)} == {'Omar Said', 'Lena Brandt'}, 'never who came otherwise'
