"""The projector's page: in the reader's language, with what its keys do."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from models import Course, User
from services.core import clock, database
from services.core.errors import NotFound
from services.core.languages import PSEUDO
from services.live import sessions
from services.progress import enrollments
from tests.factories.classes import a_class, join_class, tap
from tests.factories.people import an_instructor
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from ui.live.projector_class import PublicClass
from ui.live.projector_wave import WavePicture

pytestmark = [pytest.mark.req('L14', 'O6')]


async def test_what_it_says_is_in_the_language_of_the_person_at_the_page(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    of_teacher = col(User.id) == klass.teacher.user_id
    await database.write(lambda tx: tx.execute(update(User).where(of_teacher).values(language=PSEUDO)))
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/projector')
    await teacher.should_see('⟦Nobody to show yet⟧')
    await teacher.should_see('⟦Scan, or open⟧')

    await join_class(klass)
    await teacher.should_see('⟦The class is on⟧', retries=RETRIES)
    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[0])
    await tap(klass, klass.checkpoints[0])
    await teacher.should_see('⟦1 of 3 steps done⟧', retries=RETRIES)
    await teacher.should_see('⟦Now: 1  Step 1⟧')

    await database.write(sessions.end, klass.teacher, klass.course_id)
    await teacher.should_see('⟦The class has ended⟧', retries=RETRIES)
    await teacher.should_see('⟦1 learner took part.⟧')


async def test_who_alone_is_here_and_keeps_off_is_neither_told_of_nor_denied(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    await database.write(enrollments.hide, klass.learner, klass.course_id, True)
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/projector')

    await teacher.should_see('Nobody to show yet')
    await teacher.should_not_see('Nobody has joined')


async def test_the_summary_has_the_wave_of_the_class_since_its_beginning(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old', 'Mia May', 'Ben Bay', 'Ida Ice'])
    for who in klass.learners:
        await join_class(klass, by=who)
    await tap(klass, klass.checkpoints[0])
    began = clock.now()
    monkeypatch.setattr(clock, 'now', lambda: began + timedelta(minutes=7, seconds=5))
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/projector')
    await teacher.should_see('1 of 3 steps done', retries=RETRIES)
    await teacher.should_not_see('How far we came, all together')

    teacher.find('Summary').click()

    await teacher.should_see('How far we came, all together', retries=RETRIES)
    await teacher.should_see('now, after 7 min')

    await database.write(enrollments.hide, klass.learner, klass.course_id, True)
    await teacher.should_not_see('How far we came, all together', retries=RETRIES)


async def test_the_wave_is_drawn_while_it_is_read_again(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old', 'Mia May', 'Ben Bay', 'Ida Ice'])
    for who in klass.learners:
        await join_class(klass, by=who)
    began, minutes, drawn, draw = clock.now(), [7], [], WavePicture.draw
    monkeypatch.setattr(clock, 'now', lambda: began + timedelta(minutes=minutes[0], seconds=5))

    def watched(picture: WavePicture, shown: PublicClass) -> None:
        drawn.append((picture, shown))
        draw(picture, shown)

    monkeypatch.setattr(WavePicture, 'draw', watched)
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/projector')
    await teacher.should_see('0 of 3 steps done', retries=RETRIES)
    teacher.find('Summary').click()
    await teacher.should_see('now, after 7 min', retries=RETRIES)

    minutes[0] = 9
    picture, shown = drawn[-1]
    reading = asyncio.create_task(picture._read())
    await asyncio.sleep(0)
    picture.draw(shown)  # a learner taps before the answer is there
    await reading

    await teacher.should_see('now, after 9 min', retries=RETRIES)

    other = await an_instructor(name='Otis Owner')
    of_course = col(Course.id) == klass.course_id
    await database.write(lambda tx: tx.execute(update(Course).where(of_course).values(owner_id=other.user_id)))
    with pytest.raises(NotFound):
        await picture._read()
    picture.draw(shown)
    assert not picture._timer.active, 'it is not asked, and not refused, every twenty seconds'
