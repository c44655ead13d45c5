"""A person is erased: everywhere, for good, and nobody else is the worse for it."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from models import Attempt, AttemptState, Job
from models.personal import FILES, TABLES, Erase
from services.accounts import administration, resets
from services.accounts.guessing import Origin
from services.certificates import lookup
from services.certificates.lookup import Validity
from services.core import clock, database, jobs
from services.core.errors import NotFound, NotSignedIn, Refused
from services.core.transaction import Transaction
from services.courses import catalog, course_cards
from services.live.help import queue
from services.mail import mail_server
from services.notes import editing
from services.people import joining, merging, participants
from services.privacy import erasing, erasure_list, erasure_requests, holds
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, join_class, tap
from tests.factories.people import a_student, an_admin, an_instructor, another_device
from tests.factories.quizzes import RIGHT, a_quiz, begin, give
from tests.support.planted import plant, plant_files

pytestmark = pytest.mark.req('V1')


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_sam_leaves_during_a_class_and_nothing_finds_sam_any_more(
    url: str, server_log_lines: list[dict[str, object]], data_dir: Path
) -> None:
    admin = await an_admin()
    sam = await a_student(name='Sam Rivera', email='sam.rivera@example.org')
    klass = await a_class(checkpoints=2, learners=('Tom Tall',))
    await database.write(joining.join, sam, code=klass.code)
    await tap(klass, klass.checkpoints[0], by=sam)
    await tap(klass, klass.checkpoints[0], by=klass.learner)
    await join_class(klass, by=sam)
    zebra = 'Where does the zebra live?'
    await database.write(queue.ask, sam, klass.session_id, klass.checkpoints[1], zebra)
    await database.write(editing.write, sam, klass.checkpoints[0], text='About the quagga', tags=['okapi'])
    device = await another_device(of=sam)
    done = await database.read(percentages, klass.course_id)

    await erasing.erase(admin, sam.user_id)

    for actor in sam, device:
        with pytest.raises(NotSignedIn):
            await database.read(course_cards.joined, actor)
    everybody = await database.read(participants.of_course, klass.teacher, klass.course_id)
    assert 'Rivera' not in str(everybody), 'at once, before anything else is deleted'
    await purge_all()

    left = await database.read(everything)
    for word in 'sam rivera', 'sam.rivera', 'zebra', 'quagga', 'okapi':
        assert word not in left.lower(), word
        assert word not in str(server_log_lines).lower(), word
        assert [path for path in files_of(url, data_dir) if word.encode() in path.read_bytes().lower()] == [], word
    assert await database.read(percentages, klass.course_id) == done, 'the figures of the class are what they were'
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_every_column_and_kind_of_file_goes_as_it_is_declared(url: str, data_dir: Path) -> None:
    admin, sam = await an_admin(), await a_student(name='Sam Rivera')
    plants, made = plant(url, sam.user_id), plant_files(data_dir)

    await erasing.erase(admin, sam.user_id)
    await purge_all()

    left = await database.read(everything)
    for each in plants:
        assert (each.word in left) is not each.is_erased, f'{each.table}.{each.column}'
        if each.is_erased:
            found = [path for path in files_of(url, data_dir) if each.word.encode() in path.read_bytes()]
            assert found == [], f'{each.table}.{each.column}'
    for name, path in made.items():
        (kept,) = FILES[name].personal
        follows = {part: each.on_erase for each in TABLES['submission_files'].personal for part in each.columns}
        expected = follows['stored_as'] if kept.on_erase is Erase.AS_TABLES else kept.on_erase
        assert path.exists() is (expected is not Erase.DELETE), name


def test_a_table_is_deleted_as_a_whole_or_not_at_all() -> None:
    for declared in TABLES.values():
        ways = {kept.on_erase for kept in declared.personal}
        assert Erase.DELETE not in ways or ways == {Erase.DELETE}, declared.name


@pytest.mark.usefixtures('db')
async def test_a_quiz_that_sam_was_taking_counts_as_it_was() -> None:
    admin = await an_admin()
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, RIGHT[0])

    await erasing.erase(admin, quiz.learner.user_id)
    await purge_all()

    attempt = await database.read(lambda tx: tx.session.get_one(Attempt, attempt_id))
    assert attempt.state is not AttemptState.IN_PROGRESS
    assert attempt.earned
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_a_certificate_says_that_its_holder_withdrew_it() -> None:
    admin = await an_admin()
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    await jobs.run_due([])
    serial = await database.read(lambda tx: tx.execute(text('SELECT serial FROM certificates')).scalar_one_or_none())
    assert serial

    await erasing.erase(admin, klass.learner.user_id)

    shown = await lookup.look_up(serial, address='')
    assert (shown.standing, shown.sheet) == (Validity.WITHDRAWN, None)
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_an_instructor_goes_and_the_courses_stay() -> None:
    admin, ines = await an_admin(), await an_instructor(name='Ines Inger')
    course = await a_course(by=ines)
    helper = await an_instructor(name='Hilda Hill', email='hilda@example.org')
    await database.write(catalog.add_co_instructor, ines, course.course_id, email='hilda@example.org')

    await erasing.erase(admin, helper.user_id)
    await erasing.erase(admin, ines.user_id)
    await purge_all()

    facts = await database.read(catalog.facts, admin, course.course_id)
    assert facts.title == 'Soil'
    assert facts.co_instructors == ()
    assert facts.owner.startswith('Person ')


@pytest.mark.usefixtures('db')
async def test_who_may_not_be_erased_and_who_may_not_erase() -> None:
    admin, sam = await an_admin(name='Ada'), await a_student(name='Sam')

    with pytest.raises(Refused, match='the only admin'):
        await erasing.erase(admin, admin.user_id)
    for actor in sam, await an_instructor():
        with pytest.raises(NotFound):
            await erasing.erase(actor, sam.user_id)
    with pytest.raises(NotFound):
        await erasing.erase(admin, 10**6)
    hold = await database.write(
        holds.hold, admin, user_id=sam.user_id, reason='Exam law, § 4', until=clock.now().date() + timedelta(days=9)
    )
    with pytest.raises(Refused, match='Exam law'):
        await erasing.erase(admin, sam.user_id)
    assert not erasure_list.path().exists(), 'nobody is in the list who was not erased'

    await database.write(holds.release, admin, hold)
    await erasing.erase(admin, sam.user_id)
    with pytest.raises(Refused, match='erased already'):
        await erasing.erase(admin, sam.user_id)
    with pytest.raises(Refused, match='was erased'):
        await database.write(administration.enable, admin, user_id=sam.user_id)


@pytest.mark.usefixtures('db')
async def test_a_hold_ends_with_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    admin, sam = await an_admin(), await a_student(name='Sam')
    now = clock.now()
    tomorrow = now.date() + timedelta(days=1)
    await database.write(holds.hold, admin, user_id=sam.user_id, reason='Exam law', until=tomorrow)
    monkeypatch.setattr(clock, 'now', lambda: now + timedelta(days=3))

    assert await database.read(holds.of_school, admin) == ()
    await erasing.erase(admin, sam.user_id)


@pytest.mark.usefixtures('db')
async def test_a_guest_who_turned_out_to_be_sam_goes_along() -> None:
    admin = await an_admin()
    klass = await a_class(learners=('Sammy Guest',))
    sam = await a_student(name='Sam Rivera')
    await database.write(joining.join, sam, code=klass.code)
    await database.write(
        merging.merge, klass.teacher, klass.course_id, guest_id=klass.learner.user_id, into_id=sam.user_id
    )

    await erasing.erase(admin, sam.user_id)
    await purge_all()

    assert 'Sammy' not in await database.read(everything)
    await assert_log_and_projections_agree()


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_a_mail_to_the_address_that_names_no_account_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_server, 'is_ready', lambda: True)
    admin, sam = await an_admin(), await a_student(name='Sam Rivera', email='sam.rivera@example.org')
    for email in 'sam.rivera@example.org', 'tom@example.org':
        await resets.ask(email=email, origin=Origin())
    hash_of = hashlib.sha256(b'sam.rivera@example.org').hexdigest()[:32]
    before = await database.read(everything)
    assert 'sam.rivera@' in before
    assert hash_of in before

    await erasing.erase(admin, sam.user_id)

    left = await database.read(everything)
    assert 'sam.rivera@' not in left, 'at once: the mail says of no account to whom it goes'
    assert hash_of not in left, 'nor does anything that can be tried with addresses'
    assert 'tom@example.org' in left


@pytest.mark.usefixtures('db')
async def test_sam_asks_and_thinks_again() -> None:
    admin, sam = await an_admin(), await a_student(name='Sam')

    await database.write(erasure_requests.ask, sam)
    await database.write(erasure_requests.ask, sam)
    (asked,) = await database.read(erasure_requests.of_school, admin)
    assert asked.name == 'Sam'
    await database.write(erasure_requests.take_back, sam)
    assert await database.read(erasure_requests.of_school, admin) == ()

    await database.write(erasure_requests.ask, sam)
    await erasing.erase(admin, sam.user_id)
    assert await database.read(erasure_requests.of_school, admin) == (), 'what was asked for is done'


async def purge_all() -> None:
    await jobs.run_due([erasing.kind()])
    left = await database.read(lambda tx: tx.session.scalars(select(Job)).all())
    assert [job.problem for job in left] == []


def percentages(tx: Transaction, course_id: int) -> list[tuple[int, int]]:
    rows = tx.execute(text(f'SELECT user_id, percent FROM enrollments WHERE course_id = {course_id} ORDER BY user_id'))
    return [(user_id, percent) for user_id, percent in rows]


def everything(tx: Transaction) -> str:
    """Return all rows of all tables, also those of search indexes, as one text."""
    names = inspect(tx.connection).get_table_names()
    return '\n'.join(str(row) for name in names for row in tx.execute(text(f'SELECT * FROM {name}')))


def files_of(url: str, data_dir: Path) -> Iterator[Path]:
    """Yield every file that there is, with those of the database where it has some."""
    yield from (path for path in data_dir.rglob('*') if path.is_file())
    if url.startswith('sqlite'):
        file = Path(url.removeprefix('sqlite:///'))
        yield from (path for path in (file, Path(f'{file}-wal')) if path.exists())
