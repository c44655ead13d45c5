"""Marks that an instructor sets for a learner whose phone is dead: they count, and the log says who set them."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Activity, Verb
from services.activity import log
from services.core import database
from services.core.errors import Gone, Invalid, NotFound
from services.live import learner_marks, rooms, sessions
from services.live.board.views import Presence
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, percent
from tests.factories.people import a_guest

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('L1', 'L3')]


async def test_a_mark_for_a_learner_counts_and_says_who_set_it() -> None:
    klass = await a_class()
    room = await rooms.enter(klass.course_id)
    ids: dict[str, Any] = {'user_id': klass.learner.user_id, 'checkpoint_id': klass.checkpoints[0]}

    await database.write(learner_marks.set_mark, klass.teacher, klass.course_id, **ids, done=True)

    assert await percent(klass, klass.learner) == 33
    (mark,) = await database.read(lambda tx: log.read(tx, col(Activity.verb) == Verb.COMPLETED))
    assert (mark.user_id, mark.details) == (klass.learner.user_id, {'by': klass.teacher.user_id})
    assert room.presences.shown(klass.learner.user_id) is Presence.NOT_YET, 'the learner has not been heard of'
    facts = await database.read(learner_marks.of_learner, klass.teacher, klass.course_id, user_id=klass.learner.user_id)
    assert facts.done_at == {klass.checkpoints[0]: mark.at}

    await database.write(learner_marks.set_mark, klass.teacher, klass.course_id, **ids, done=False)

    assert await percent(klass, klass.learner) == 0
    await assert_log_and_projections_agree()


async def test_nobody_is_marked_after_the_end_nor_in_another_course() -> None:
    klass, other = await a_class(), await a_course()
    stranger = await a_guest(code=other.code, name='Sam Stranger')
    mark = {'user_id': klass.learner.user_id, 'checkpoint_id': klass.checkpoints[0], 'done': True}

    for wrong in {'user_id': stranger.user_id}, {'checkpoint_id': other.checkpoints[0]}:
        with pytest.raises(NotFound):
            await database.write(learner_marks.set_mark, klass.teacher, klass.course_id, **mark | wrong)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    with pytest.raises(Gone, match='has ended'):
        await database.write(learner_marks.set_mark, klass.teacher, klass.course_id, **mark)

    marks = select(col(Activity.id)).where(col(Activity.verb) == Verb.COMPLETED)
    assert await database.read(lambda tx: tx.execute(marks).all()) == []


@pytest.mark.req('C7')
async def test_a_note_is_for_those_who_teach_and_its_words_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    klass = await a_class()
    me = klass.learner.user_id

    await database.write(learner_marks.note, klass.teacher, klass.course_id, user_id=me, text='  Sits at the window ')

    facts = await database.read(learner_marks.of_learner, klass.teacher, klass.course_id, user_id=me)
    assert facts.note == 'Sits at the window'
    assert 'window' not in capsys.readouterr().out
    with pytest.raises(NotFound):
        await database.write(learner_marks.note, klass.learner, klass.course_id, user_id=me, text='I am great')
    with pytest.raises(Invalid):
        await database.write(learner_marks.note, klass.teacher, klass.course_id, user_id=me, text='x' * 501)
