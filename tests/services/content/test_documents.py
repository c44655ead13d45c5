"""Documents: what was really read is saved while it is read, and completes the checkpoint by itself."""

import math
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Activity, ContentPosition, Verb
from services.content import documents, passages, reading
from services.content.reading import UnsavedReading
from services.core import database
from services.core.database import Database
from services.core.errors import DomainError, Gone, NotEnrolled, NotFound, NotSignedIn, Refused, Removed
from services.courses import catalog, checkpoints
from services.people import participants
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree, mark, percent
from tests.factories.documents import TEXT, Bookworm, a_pdf, a_text
from tests.factories.people import a_guest, a_student, another_device, sign_out
from tests.support.queries import statements

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S5', 'S6'), pytest.mark.usefixtures('db')]


async def stored(checkpoint: int) -> ContentPosition | None:
    return await database.read(
        lambda tx: tx.session.scalars(
            select(ContentPosition).where(col(ContentPosition.checkpoint_id) == checkpoint)
        ).first()
    )


async def read_activities(checkpoint: int) -> list[int | None]:
    query = select(Activity.seconds).where(col(Activity.checkpoint_id) == checkpoint, col(Activity.verb) == Verb.READ)
    return await database.read(lambda tx: list(tx.execute(query).scalars()))


async def somebody_reads_a_pdf(*, pages: int = 10, checkpoints: int = 2) -> tuple[CourseAtHand, Bookworm]:
    course = await a_course(checkpoints=checkpoints)
    upload = await a_pdf(course, course.checkpoints[0], pages=pages, content=b'')
    learner = await a_guest(code=course.code)
    worm = Bookworm(learner, course.checkpoints[0], parts=reading.pages(pages), file_id=upload.id)
    return course, worm


async def test_a_pdf_completes_by_itself_when_nine_of_ten_pages_were_seen() -> None:
    course, worm = await somebody_reads_a_pdf()
    assert worm.learner

    for page in range(8):
        await worm.reads(page, seconds=3)
    assert (worm.saved.percent, worm.saved.is_complete) == (80, False)
    assert await percent(course, worm.learner) == 0
    await worm.reads(9, seconds=3)

    assert (worm.saved.percent, worm.saved.is_complete) == (90, True)
    assert await percent(course, worm.learner) == 50
    await worm.reads(8, seconds=3)
    assert (worm.saved.percent, worm.saved.is_complete) == (100, False)
    await assert_log_and_projections_agree()


async def test_a_text_completes_by_itself_after_it_was_scrolled_and_read() -> None:
    course = await a_course(checkpoints=1)
    await a_text(course, course.checkpoints[0])
    learner = await a_guest(code=course.code)
    await passages.prepare(TEXT)
    parts = [passage.part for passage in passages.passages(TEXT)]
    worm = Bookworm(learner, course.checkpoints[0], parts=parts)

    await worm.reads(len(parts) - 1, seconds=60)
    assert worm.saved.percent < 50, 'jumping to the end does not count the middle'
    for index in range(len(parts)):
        await worm.reads(index, seconds=60)

    assert worm.saved.percent == 100
    assert await percent(course, learner) == 100
    await assert_log_and_projections_agree()


async def test_another_device_goes_on_where_this_one_stopped() -> None:
    _, worm = await somebody_reads_a_pdf()
    assert worm.learner
    for page in 0, 1, 6:
        await worm.reads(page, seconds=3)
    phone = Bookworm(await another_device(of=worm.learner), worm.checkpoint, parts=worm.parts, file_id=worm.file_id)

    opened = await phone.opens()

    assert (opened.position, opened.furthest, opened.seen, opened.percent) == (6, 7, ((0, 2), (6, 7)), 30)
    for page in 2, 3, 4, 5, 7, 8:
        await phone.reads(page, seconds=3)
    assert phone.saved.is_complete
    await worm.reads(3, seconds=3)
    assert (worm.saved.percent, worm.saved.is_complete) == (90, False), 'the stale page does no harm'


async def test_who_has_read_it_all_begins_anew() -> None:
    _, worm = await somebody_reads_a_pdf(pages=2)
    for page in 0, 1:
        await worm.reads(page, seconds=3)

    assert (await worm.opens()).position == 0


async def test_one_activity_tells_of_a_stretch_when_it_ends() -> None:
    _, worm = await somebody_reads_a_pdf()
    for page in range(3):
        await worm.reads(page, seconds=10)
    assert await read_activities(worm.checkpoint) == []

    await worm.leaves()
    await worm.leaves()

    assert await read_activities(worm.checkpoint) == [30]
    found = await stored(worm.checkpoint)
    assert found
    assert (found.views, found.position, found.percent) == (1, 2, 30)
    await assert_log_and_projections_agree()


@pytest.mark.parametrize(
    'told',
    [
        UnsavedReading(position=math.nan, seen=((math.nan, 3),)),
        UnsavedReading(position=-math.inf, seen=((5, 4), (-7, 0))),
        UnsavedReading(position=1e300, seen=((10, 1e300), (math.inf, math.inf))),
    ],
)
async def test_positions_that_cannot_be_are_harmless(told: UnsavedReading) -> None:
    _, worm = await somebody_reads_a_pdf()

    read = await database.write(documents.save, worm.learner, worm.checkpoint, file_id=worm.file_id, told=told)

    assert read.percent == 0
    assert read.seen == ()
    assert 0 <= read.position <= read.furthest <= 10


async def test_another_file_starts_anew_and_a_page_with_the_old_one_counts_nothing() -> None:
    course, worm = await somebody_reads_a_pdf()
    await worm.reads(0, seconds=3)
    newer = await a_pdf(course, worm.checkpoint, pages=2, content=b'')

    await worm.reads(1, 2, 3, seconds=30)
    assert worm.saved.is_replaced
    assert (await worm.opens()).percent == 0
    worm.file_id = newer.id
    await worm.reads(0, seconds=3)

    assert worm.saved.percent == 50


async def test_what_a_learner_took_back_stays_taken_back() -> None:
    course, worm = await somebody_reads_a_pdf(pages=10)
    assert worm.learner
    for page in range(9):
        await worm.reads(page, seconds=3)
    await mark(worm.checkpoint, by=worm.learner, verb=Verb.UNDONE)

    await worm.reads(9, seconds=3)

    assert not worm.saved.is_complete
    assert await percent(course, worm.learner) == 0


async def test_downloads_are_counted_for_learners_only() -> None:
    course, worm = await somebody_reads_a_pdf()

    counted = [
        await database.write(documents.count_download, who, worm.checkpoint)
        for who in (worm.learner, worm.learner, course.teacher, await a_student(), None)
    ]

    assert counted == [True, True, False, False, False]
    found = await stored(worm.checkpoint)
    assert found
    assert (found.downloads, found.views) == (2, 0)


Trouble = Callable[[CourseAtHand, Bookworm], Awaitable[object]]

REFUSED: dict[str, tuple[Trouble, type[DomainError]]] = {
    'signed out': (lambda _, worm: sign_out(actor=worm.learner), NotSignedIn),
    'taken out': (
        lambda course, worm: database.write(
            participants.remove, course.teacher, course.course_id, user_id=worm.learner.user_id
        ),
        Removed,
    ),
    'a course put away': (
        lambda course, _: database.write(catalog.archive, course.teacher, course.course_id, archived=True),
        Gone,
    ),
    'a course deleted': (lambda course, _: database.write(catalog.delete, course.teacher, course.course_id), Gone),
    'a step deleted': (lambda course, worm: database.write(checkpoints.delete, course.teacher, worm.checkpoint), Gone),
    'a preview': (
        lambda course, worm: a_pdf(course, worm.checkpoint, pages=10, content=b'', is_preview=True),
        Refused,
    ),
}


@pytest.mark.parametrize('trouble', REFUSED)
async def test_what_does_not_count_is_refused_with_a_sentence(trouble: str) -> None:
    course, worm = await somebody_reads_a_pdf()
    make, refusal = REFUSED[trouble]
    await make(course, worm)

    with pytest.raises(refusal):
        await worm.reads(0, seconds=3)
    assert await stored(worm.checkpoint) is None


async def test_nobody_reads_for_others_and_no_other_kind_of_checkpoint_is_read() -> None:
    course, worm = await somebody_reads_a_pdf()
    told = UnsavedReading(seen=((0, 10),))

    for actor, checkpoint, refusal in (
        (None, worm.checkpoint, NotSignedIn),
        (course.teacher, worm.checkpoint, NotEnrolled),
        (await a_student(), worm.checkpoint, NotEnrolled),
        (worm.learner, course.checkpoints[1], NotFound),
        (worm.learner, 999_999, NotFound),
        (worm.learner, 2**70, NotFound),
    ):
        with pytest.raises(refusal):
            await database.write(documents.save, actor, checkpoint, file_id=worm.file_id, told=told)
    assert await stored(worm.checkpoint) is None


async def test_a_save_costs_a_few_statements(db: Database) -> None:
    _, worm = await somebody_reads_a_pdf()
    await worm.reads(0, seconds=3)

    with statements(db.engines.writing) as seen:
        await worm.reads(1, seconds=3)

    assert len(seen) == 4, 'the document, the learner, the row held, the row stored'
