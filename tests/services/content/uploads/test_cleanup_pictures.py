"""Pictures of questions go once nothing refers to them: what is deleted, older or in another course still does."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from models import QuestionVersion
from services.content import question_pictures
from services.content.uploads import cleanup_pictures
from services.core import clock, database
from services.core.errors import Refused
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.quizzes import bank, pictures
from services.quizzes.question import Question
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import an_instructor
from tests.factories.quizzes import FINEST
from tests.support.files_at_hand import on_disk

pytestmark = [pytest.mark.req('Q9', 'C8'), pytest.mark.usefixtures('db'), pytest.mark.both_databases]

CLAY, SAND = (b'\x89PNG\r\n\x1a\n' + each for each in (b'clay', b'sand'))
NAMES = tuple(str(pictures.name_of(each)) for each in (CLAY, SAND))
SHOWS_CLAY, SHOWS_SAND = (replace(FINEST, text=f'What is this? ![?](/pictures/{name})') for name in NAMES)


async def taken_in(klass: ClassAtHand, *questions: Question) -> list[int]:
    brought = dict(zip(NAMES, (CLAY, SAND), strict=True))
    return await question_pictures.bring_in(klass.teacher, klass.course_id, questions, brought)


async def cleared(*courses: int, days: int = 2) -> list[set[str]]:
    """Which pictures each course has after some days."""
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        await cleanup_pictures.clear_away()
    return [set(await database.read(pictures.of_course, course_id)) for course_id in courses]


async def test_what_a_question_has_ever_shown_stays() -> None:
    klass = await a_class()
    clay, sand = await taken_in(klass, SHOWS_CLAY, SHOWS_SAND)
    await database.write(bank.new_version, klass.teacher, clay, FINEST)
    await database.write(bank.delete, klass.teacher, sand)

    assert await cleared(klass.course_id) == [set(NAMES)]
    assert len(on_disk()) == 2


async def test_a_copy_keeps_the_pictures_that_it_shows_and_the_file_stays_for_the_other_course() -> None:
    klass = await a_class()
    _, sand = await taken_in(klass, SHOWS_CLAY, SHOWS_SAND)
    await database.write(bank.delete, klass.teacher, sand)
    copy_id = await database.write(catalog.duplicate, klass.teacher, klass.course_id)

    assert await cleared(copy_id, days=0) == [set(NAMES)], 'it has only just come'
    assert await cleared(klass.course_id, copy_id) == [set(NAMES), {NAMES[0]}]
    assert len(on_disk()) == 2


async def test_what_no_course_shows_goes_from_the_disk_unless_a_checkpoint_shows_it() -> None:
    klass = await a_class()
    await taken_in(klass, SHOWS_CLAY, SHOWS_SAND)
    await database.write(forget_all_versions)
    shows = Details(title='Look', description=f'![clay](/pictures/{NAMES[0]})')
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[0], details=shows)

    assert await cleared(klass.course_id) == [{NAMES[0]}]
    assert len(on_disk()) == 1
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[0], details=Details(title='Look'))
    assert await cleared(klass.course_id) == [set()]
    assert on_disk() == []


async def test_what_is_shown_again_before_it_goes_stays() -> None:
    klass = await a_class()
    await taken_in(klass, SHOWS_CLAY)
    await database.write(forget_all_versions)
    ids = await database.read(cleanup_pictures.unused, klass.course_id, before=clock.now() + timedelta(days=1))
    await database.write(bank.add_many, klass.teacher, klass.course_id, [SHOWS_CLAY])

    await database.write(cleanup_pictures.forget, klass.course_id, ids)

    assert (len(ids), len(on_disk())) == (1, 1)
    assert await cleared(klass.course_id) == [{NAMES[0]}]


async def test_a_file_that_counts_on_a_picture_which_has_just_gone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    klass, other = await a_class(), await a_class(by=await an_instructor(email='o@example.org'), learners=['Otto'])
    await taken_in(klass, SHOWS_CLAY)
    look = question_pictures._wanted

    def looked(tx: Transaction, *args: object) -> tuple[set[str], set[str]]:
        wanted, lacking = look(tx, *args)  # type: ignore[arg-type]
        return wanted, lacking - set(NAMES)

    await database.write(forget_all_versions)
    await cleared(klass.course_id)
    monkeypatch.setattr(question_pictures, '_wanted', looked)
    with pytest.raises(Refused, match='cleared away just now'):
        await taken_in(other, SHOWS_CLAY)
    monkeypatch.undo()

    await taken_in(other, SHOWS_CLAY)
    assert await cleared(other.course_id) == [{NAMES[0]}]


def forget_all_versions(tx: Transaction) -> None:
    """As if no question had ever been brought in: nothing in the product removes a version for good."""
    tx.execute(update(QuestionVersion).values(content='{}'))
