"""One tick of a room draws for many readers: each page stays in the language of its own reader."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from models import User
from services.core import database
from services.core.languages import PSEUDO
from services.live import sessions
from services.live.alerts import monitor
from services.people import participants
from tests.factories.classes import a_class, join_class, tap
from tests.support.learner import Learner
from tests.ui.conftest import Enter
from ui.kit.language import reading

pytestmark = [pytest.mark.req('L3', 'L9', 'O6')]


async def test_what_the_instructor_and_others_do_keeps_the_language_of_the_reader(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    lena, otto = [Learner(await enter(actor)) for actor in klass.learners]
    of_lena = col(User.id) == klass.learners[0].user_id
    await database.write(lambda tx: tx.execute(update(User).where(of_lena).values(language=PSEUDO)))
    await lena.opens(klass)
    await otto.opens(klass)
    await lena.sees('⟦1 of 3⟧')
    await otto.sees('1 of 3')

    lena.taps()
    await lena.sees('⟦Saved · step 1⟧', '⟦2 of 3⟧')
    otto.taps()
    await otto.sees('Saved · step 1', '2 of 3')
    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[2])

    await lena.sees('⟦The class is here⟧')
    await otto.sees('>The class is here<')
    await otto.user.should_not_see('⟦')


async def test_what_a_colleague_changes_keeps_the_language_of_the_reader(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    of_teacher = col(User.id) == klass.teacher.user_id
    await database.write(lambda tx: tx.execute(update(User).where(of_teacher).values(language=PSEUDO)))
    list_of_people, editor = await enter(klass.teacher), await enter(klass.teacher)
    await list_of_people.open(f'/courses/{klass.course_id}/people')
    await editor.open(f'/courses/{klass.course_id}')
    await list_of_people.should_see('⟦2 learners⟧')

    with reading('en'):
        out = {'user_id': klass.learners[1].user_id}
        await database.write(participants.remove, klass.teacher, klass.course_id, **out)
        await database.write(sessions.end, klass.teacher, klass.course_id)

    await list_of_people.should_see('⟦1 learner⟧')
    await list_of_people.should_see('⟦Not in the list (1)⟧')
    await editor.should_see('⟦Start the class⟧')


async def test_the_monitor_and_a_pause_speak_the_language_of_the_reader(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, 'PASS', 0.01)
    monkeypatch.setattr(monitor, 'HELD', timedelta(0))
    klass = await a_class(learners=['Lena Low', 'Pia Punctual', 'Otto Old'])
    readers = col(User.id).in_([klass.teacher.user_id, klass.learner.user_id])
    await database.write(lambda tx: tx.execute(update(User).where(readers).values(language=PSEUDO)))
    teacher, lena = await enter(klass.teacher), Learner(await enter(klass.learner))
    await teacher.open(f'/courses/{klass.course_id}/live')
    await lena.opens(klass)

    for who in klass.learners:
        await join_class(klass, by=who)
    for checkpoint in klass.checkpoints[:2]:
        for who in klass.learners[:2]:
            await tap(klass, checkpoint, by=who)
    await teacher.should_see('⟦nothing done yet, the class 1.3 on average⟧')
    await database.write(sessions.pause, klass.teacher, klass.course_id, 'Tea')

    await lena.sees('⟦The class is paused: Tea.⟧')
