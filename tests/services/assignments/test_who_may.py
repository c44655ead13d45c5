"""Who may do what with an assignment, and with what was handed in."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from models import Verb
from services.access import Actor
from services.assignments import desk, grading, rules, submissions
from services.assignments.rules import Rules
from services.core import audience, database, hub
from services.core.errors import DomainError, NotEnrolled, NotFound, NotSignedIn
from services.core.events import Event, Recorded
from tests.factories.assignments import AssignmentAtHand, an_assignment, hand_in
from tests.factories.people import a_parent, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q4')]

_OTHERS = {'stranger': NotFound, 'parent': NotFound, 'nobody': NotSignedIn}
TEACHERS = {'teacher': None, 'learner': NotFound, 'classmate': NotFound, **_OTHERS}
LEARNERS = {'teacher': NotEnrolled, 'learner': None, 'classmate': None, **_OTHERS}
READERS = {**LEARNERS, 'teacher': None}


@pytest.mark.parametrize(
    ('verb', 'about', 'rule', 'more'),
    [
        (rules.of_checkpoint, 'checkpoint_id', TEACHERS, {}),
        (rules.set_rules, 'checkpoint_id', TEACHERS, {'rules': Rules()}),
        (rules.extend, 'checkpoint_id', TEACHERS, {'due_at': None, 'user_id': 0}),
        (rules.agreed_dates, 'checkpoint_id', TEACHERS, {}),
        (desk.of_assignment, 'checkpoint_id', TEACHERS, {}),
        (desk.first_waiting, 'checkpoint_id', TEACHERS, {}),
        (grading.give_back, 'checkpoint_id', TEACHERS, {}),
        (desk.on_desk, 'submission_id', TEACHERS, {}),
        (grading.grade, 'submission_id', TEACHERS, {'grade': 50}),
        (submissions.task, 'checkpoint_id', READERS, {}),
        (submissions.take_back, 'checkpoint_id', LEARNERS, {}),
    ],
    ids=lambda each: each.__name__ if callable(each) else '',
)
@pytest.mark.both_databases
async def test_who_may(
    verb: Callable[..., object], about: str, rule: Mapping[str, type[DomainError] | None], more: Mapping[str, Any]
) -> None:
    work, people = await a_school()
    handed = await hand_in(work)
    ids = {'checkpoint_id': work.checkpoint_id, 'submission_id': handed}
    arguments = {**more, about: ids[about]}
    if 'user_id' in arguments:
        arguments['user_id'] = work.learner.user_id
    assert {who: await attempt(verb, actor, arguments) for who, actor in people.items()} == rule
    with pytest.raises(NotFound):
        await database.write(verb, work.teacher, **arguments | {about: 10_000})


@pytest.mark.parametrize('who', LEARNERS)
async def test_who_may_hand_in(who: str) -> None:
    work, people = await a_school()
    arguments = {'checkpoint_id': work.checkpoint_id}
    assert await attempt(submissions.save_text, people[who], {**arguments, 'text': 'Sandy.'}) == LEARNERS[who]
    assert await attempt(submissions.submit, people[who], arguments) == LEARNERS[who]


async def test_a_grade_reaches_no_screen_of_the_learner_before_it_is_returned() -> None:
    work, _people = await a_school()
    handed = await hand_in(work)
    seen: list[Event] = []
    stop = hub.watch(audience.of_learner(work.klass.course_id, work.learner.user_id), seen.extend)
    await database.write(grading.grade, work.teacher, handed, grade=40, feedback='No.')
    assert seen == []
    await database.write(grading.give_back, work.teacher, work.checkpoint_id)
    stop()
    told = [(each.verb, each.score) for each in seen if isinstance(each, Recorded)]
    assert told == [(Verb.RETURNED, None), (Verb.GRADED, 40)]


async def a_school() -> tuple[AssignmentAtHand, dict[str, Actor | None]]:
    work = await an_assignment(learners=('Lena Learner', 'Otto Other'))
    stranger = await an_instructor(name='Sue Stranger', email='sue@example.org')
    learner, classmate = work.klass.learners
    return work, {
        'teacher': work.teacher,
        'learner': learner,
        'classmate': classmate,
        'stranger': stranger,
        'parent': await a_parent(of=learner),
        'nobody': None,
    }


async def attempt(
    verb: Callable[..., object], actor: Actor | None, arguments: Mapping[str, Any]
) -> type[DomainError] | None:
    try:
        await database.write(verb, actor, **arguments)
    except DomainError as refusal:
        return type(refusal)
    return None
