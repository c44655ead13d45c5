"""Who looked at whose data: on the disk before the answer leaves, in a chain that cannot be changed unnoticed."""

import asyncio

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from models import Look
from services import verify
from services.core import database
from services.core.database import Database
from services.core.errors import NotFound, NotSaved
from services.people import participants
from services.privacy import own_looks
from services.reports import overview
from tests.factories.classes import a_class, mark
from tests.factories.people import a_student, an_admin

pytestmark = pytest.mark.req('V3')


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_sam_reads_who_looked_at_sam_and_where() -> None:
    klass = await a_class(learners=('Sam Rivera', 'Tom Tall'))
    sam, tom = klass.learners
    admin = await an_admin(name='Ada Admin')

    await database.read(participants.of_course, klass.teacher, klass.course_id)
    await database.read(overview.of_learner, admin, sam.user_id)
    await database.read(overview.of_learner, sam, sam.user_id)
    with pytest.raises(NotFound):
        await database.read(overview.of_learner, tom, sam.user_id)

    alone, together = (await database.read(own_looks.listed, sam)).looks
    assert (alone.by, alone.page, alone.is_alone) == ('Ada Admin', 'learner', True)
    assert (together.by, together.page, together.course, together.people) == ('Ines Instructor', 'people', 'Soil', 2)
    (seen,) = (await database.read(own_looks.listed, tom)).looks
    assert seen.people == 2, 'Tom was among them, and nobody looked at Tom alone'
    assert await database.read(verify.differences) == []


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_the_comparison_names_a_row_that_was_changed_and_one_after_a_gap() -> None:
    klass = await a_class()
    for _ in range(4):
        await database.read(participants.of_course, klass.teacher, klass.course_id)
    ids = await database.read(lambda tx: list(tx.session.scalars(select(col(Look.id)).order_by(col(Look.id)))))

    await database.write(lambda tx: tx.execute(update(Look).where(col(Look.id) == ids[1]).values(page='nothing')))
    await database.write(lambda tx: tx.execute(text(f'DELETE FROM looks WHERE id = {ids[2]}')))

    assert await database.read(verify.differences) == [
        f'look {ids[1]}: is not what was written',
        f'look {ids[3]}: does not follow from the one before it',
    ]
    await database.write(lambda tx: tx.execute(text(f'DELETE FROM looks WHERE id < {ids[3]}')))
    assert await database.read(verify.differences) == [], 'the oldest may go, when their year is over'


@pytest.mark.usefixtures('db')
async def test_nothing_is_shown_that_could_not_be_written_down(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class()

    async def full(_: object) -> None:
        raise NotSaved

    monkeypatch.setattr(db.writer, 'write', full)
    with pytest.raises(NotSaved):
        await database.read(participants.of_course, klass.teacher, klass.course_id)


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_many_who_look_at_once_beside_others_who_write_make_one_chain() -> None:
    klass = await a_class(checkpoints=3)
    admin = await an_admin()
    looks = [participants.of_course, overview.of_learner] * 10
    asked = [klass.course_id, klass.learner.user_id] * 10

    async with asyncio.TaskGroup() as group:
        for look, whose in zip(looks, asked, strict=True):
            group.create_task(database.read(look, admin, whose))
        for checkpoint in klass.checkpoints:
            group.create_task(mark(checkpoint, by=klass.learner))

    rows = await database.read(lambda tx: list(tx.session.scalars(select(col(Look.page)).order_by(col(Look.id)))))
    assert sorted(rows) == ['learner'] * 10 + ['people'] * 10
    assert await database.read(verify.differences) == []


@pytest.mark.usefixtures('db')
async def test_one_who_was_not_there_yet_does_not_see_it() -> None:
    klass = await a_class()
    await database.read(participants.of_course, klass.teacher, klass.course_id)
    newcomer = await a_student(name='Nina New')

    assert (await database.read(own_looks.listed, newcomer)).looks == ()
