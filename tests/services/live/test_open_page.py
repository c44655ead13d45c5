"""The live page opens for those who teach, also where the disk is full; each look at it becomes a row."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from models import Look
from services.core import database
from services.core.database import Database
from services.core.errors import NotFound, NotSaved
from services.live import class_access
from tests.factories.classes import a_class
from tests.factories.people import an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('O1', 'O2')]


@pytest.fixture(autouse=True)
def _nothing_is_owed() -> Iterator[None]:
    class_access._owed.clear()
    yield
    class_access._owed.clear()


async def looks() -> list[tuple[int, str]]:
    rows = select(col(Look.by_id), col(Look.page)).order_by(col(Look.id))
    return [(by, page) for by, page in await database.read(lambda tx: tx.execute(rows).all()) if page == 'live']


async def test_a_full_disk_does_not_shut_a_class_and_the_look_is_written_when_there_is_room(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_class()
    teacher = klass.teacher.user_id

    async def full(_: object) -> None:
        raise NotSaved('Not saved: the disk of the server is full.')

    with monkeypatch.context() as disk:
        disk.setattr(db.writer, 'write', full)
        for _ in range(2):
            assert str(await class_access.open_page(klass.teacher, klass.course_id)).startswith('Not saved')
        with pytest.raises(NotFound):
            await class_access.open_page(klass.learner, klass.course_id)
    assert await looks() == []

    assert await class_access.open_page(klass.teacher, klass.course_id) is None
    assert await looks() == [(teacher, 'live')] * 2, 'this one, and one for those that were owed'
    assert await class_access.open_page(klass.teacher, klass.course_id) is None
    assert len(await looks()) == 3, 'nothing is written twice'


async def test_who_does_not_teach_there_opens_nothing() -> None:
    klass = await a_class()
    for stranger in (klass.learner, await an_instructor()):
        with pytest.raises(NotFound):
            await class_access.open_page(stranger, klass.course_id)
