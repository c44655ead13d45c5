"""What is kept for some days only goes at night, as it is declared; an admin sees before what will."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from models import metadata
from models.columns import UtcDateTime
from models.personal import TABLES
from services import verify
from services.core import clock, database, jobs
from services.people import participants
from services.privacy import erasing, holds, retention
from settings import settings
from tests.factories.classes import a_class, assert_log_and_projections_agree
from tests.factories.people import a_guest, an_admin
from tests.factories.study import arrive, leave
from tests.services.privacy.test_erasing import everything

pytestmark = pytest.mark.req('V2')

Later = Callable[[int], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let so many days pass."""
    now = clock.now()
    return lambda days: monkeypatch.setattr(clock, 'now', lambda: now + timedelta(days=days))


def test_each_end_is_counted_from_a_moment_and_leads_somewhere() -> None:
    ending = {name for name, told in TABLES.items() if any(kept.until.since for kept in told.personal)}
    ruled = list(retention.rules())

    assert {rule.table for rule in ruled} == ending, 'either the rows go, or columns are emptied that can be'
    for rule in ruled:
        since = metadata.tables[rule.table].c[rule.kept.until.since]
        assert isinstance(since.type, UtcDateTime), f'{rule.table}.{since.name}'


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_looks_and_devices_go_when_their_time_is_over_and_no_figure_changes(later: Later) -> None:
    klass = await a_class()
    await arrive(klass.learner, klass.checkpoints[0])
    await leave(klass.learner, klass.course_id)
    await database.read(participants.of_course, klass.teacher, klass.course_id)

    assert await database.read(retention.due) == ()
    await retention.forget()
    assert await database.read(count, 'looks') == 1, 'nothing yet'
    later(400)
    said = await database.read(retention.due)
    assert ('who of the staff, parents and admins looked at the data of the person, when and where', 365, 1) in [
        (each.what, each.days, each.number) for each in said
    ]
    assert await database.read(count, 'looks') == 1, 'to see what will go changes nothing'
    await retention.forget()

    assert await database.read(count, 'looks') == 0
    assert await database.read(count, 'sign_ins') == 0
    assert await database.read(devices) != ['']
    later(800)
    await retention.forget()
    assert await database.read(devices) == [''], 'the row stays, without the device'
    assert await database.read(retention.due) == ()
    assert await database.read(verify.differences) == []
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_guests_who_never_came_back_are_erased_unless_a_law_asks_for_them(
    later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await an_admin()
    klass = await a_class(learners=('Sam Guest', 'Tom Guest'))
    tom = klass.learners[1]
    until = clock.now().date() + timedelta(days=4000)
    await database.write(holds.hold, admin, user_id=tom.user_id, reason='Exam law', until=until)
    later(370)
    newcomer = await a_guest(code=klass.code, name='Nina Guest')

    await retention.forget()
    await jobs.run_due([erasing.kind()])

    left = await database.read(everything)
    assert ['Sam Guest' in left, 'Tom Guest' in left, 'Nina Guest' in left] == [False, True, True]
    assert newcomer.user_id
    monkeypatch.setenv('GUEST_RETENTION_DAYS', '0')
    settings.cache_clear()
    later(4005)
    await retention.forget()
    assert 'Tom Guest' in await database.read(everything), 'where the school keeps guests for good'


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_what_a_law_asks_for_stays_longer(later: Later) -> None:
    admin = await an_admin()
    klass = await a_class(learners=('Sam Rivera', 'Tom Tall'))
    sam = klass.learner
    for learner in klass.learners:
        await arrive(learner, klass.checkpoints[0])
        await leave(learner, klass.course_id)
    await database.read(participants.of_course, klass.teacher, klass.course_id)
    until = clock.now().date() + timedelta(days=4000)
    await database.write(holds.hold, admin, user_id=sam.user_id, reason='Exam law', until=until)
    later(800)

    await retention.forget()

    kept = await database.read(lambda tx: list(tx.execute(text('SELECT user_id, device FROM learning_sessions'))))
    assert {user_id for user_id, device in kept if device} == {sam.user_id}
    assert await database.read(count, 'looks') == 0, 'a gap in the chain would look like a theft'
    assert await database.read(verify.differences) == []


@pytest.mark.usefixtures('db')
async def test_it_is_done_at_night_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    async def forget() -> None:
        done.append('forgot')

    monkeypatch.setattr(retention, 'forget', forget)
    for hour in (0, 3, 5, 13):
        moment = datetime.fromisoformat(f'2026-03-04T{hour:02}:30:00+00:00')
        monkeypatch.setattr(clock, 'now', lambda moment=moment: moment)
        await retention.kind().work('')
    assert done == ['forgot']


def count(tx: database.Transaction, table: str) -> int:
    return tx.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one()


def devices(tx: database.Transaction) -> list[str]:
    return sorted({device for (device,) in tx.execute(text('SELECT device FROM learning_sessions'))})
