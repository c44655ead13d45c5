"""Who may set a grade: those who teach the course, and nobody else."""

from collections.abc import Callable

import pytest

from services.access import Actor
from services.core import database
from services.core.errors import NotFound, NotSignedIn
from services.grades import grading, overrides
from tests.factories.people import a_parent, an_instructor
from tests.factories.quizzes import a_quiz

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C7', 'A2')]


@pytest.mark.parametrize(
    'verb', [overrides.set_score, overrides.excuse, overrides.clear, overrides.put_back, grading.place]
)
async def test_who_may_set_a_grade(verb: Callable[..., None]) -> None:
    quiz = await a_quiz()
    given: dict[str, object] = {} if verb is grading.place else {'user_id': quiz.learner.user_id}
    given |= {'score': 80} if verb is overrides.set_score else {}
    given |= {'before': None, 'after': None} if verb is overrides.put_back else {}

    async def attempt(actor: Actor | None, checkpoint_id: int = quiz.checkpoint_id) -> None:
        await database.write(verb, actor, checkpoint_id, **given)

    await attempt(quiz.teacher)
    elsewhere = await an_instructor(email='elsewhere@example.org')
    for stranger in elsewhere, quiz.learner, await a_parent(of=quiz.learner):
        with pytest.raises(NotFound) as refused:
            await attempt(stranger)
        with pytest.raises(NotFound) as absent:
            await attempt(stranger, 999_999)
        assert str(refused.value) == str(absent.value)
    with pytest.raises(NotSignedIn):
        await attempt(None)
