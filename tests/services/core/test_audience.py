"""Who is told of what: everything that is committed goes to those whom its audience names, and to nobody else."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import fields
from datetime import UTC, datetime
from typing import get_args

import pytest

from models import TRAITS, Audience, Mode, Verb
from services.core import audience, database, hub
from services.core.audience import Interest
from services.core.events import CourseChanged, Event, LiveQuestionMoved, PersonHidden, Recorded
from services.live import rooms
from services.live.help import queue
from services.live.stream import events as stream_events
from services.progress import enrollments
from tests.factories.classes import ClassAtHand, a_class, a_course, join_class, mark, tap
from tests.factories.people import a_guest

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L10')]

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(learners=['Lena Low', 'Otto Old'])


class Ears:
    """What some interests were told of in a test."""

    def __init__(self, stack: ExitStack, **interests: Interest) -> None:
        self.batches: dict[str, list[Sequence[Event]]] = {name: [] for name in interests}
        for name, interest in interests.items():
            stack.callback(hub.watch(interest, self.batches[name].append))

    def verbs(self, name: str) -> list[Verb]:
        events = (event for batch in self.batches[name] for event in batch)
        return [event.verb for event in events if isinstance(event, Recorded)]

    def others(self, name: str) -> list[Event]:
        return [event for batch in self.batches[name] for event in batch if not isinstance(event, Recorded)]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


async def test_a_learner_is_told_of_themselves_and_those_who_teach_of_everybody(
    klass: ClassAtHand, stack: ExitStack
) -> None:
    lena, otto = klass.learners
    ears = Ears(
        stack,
        lena=audience.of_learner(klass.course_id, lena.user_id),
        otto=audience.of_learner(klass.course_id, otto.user_id),
        staff=audience.of_staff(klass.course_id),
    )
    await join_class(klass, by=lena)
    await tap(klass, klass.checkpoints[0], by=otto)
    await database.write(queue.ask, lena, klass.session_id, klass.checkpoints[1], 'the colour')
    await database.write(enrollments.hide, otto, klass.course_id, True)

    assert ears.verbs('lena') == [Verb.JOINED, Verb.HELP_ASKED]
    assert ears.verbs('otto') == [Verb.COMPLETED]
    assert ears.verbs('staff') == [Verb.JOINED, Verb.COMPLETED, Verb.HELP_ASKED]
    hidden = PersonHidden(course_id=klass.course_id, user_id=otto.user_id, hidden=True)
    assert (ears.others('lena'), ears.others('otto'), ears.others('staff')) == ([], [hidden], [hidden])


async def test_who_was_helped_is_told_by_whom(klass: ClassAtHand, stack: ExitStack) -> None:
    lena, otto = klass.learners
    asked = await database.write(queue.ask, lena, klass.session_id, klass.checkpoints[1], 'the colour')
    ears = Ears(
        stack,
        lena=audience.of_learner(klass.course_id, lena.user_id),
        otto=audience.of_learner(klass.course_id, otto.user_id),
    )
    await database.write(queue.claim, klass.teacher, asked)

    assert (ears.verbs('lena'), ears.verbs('otto')) == ([Verb.HELP_CLAIMED], [])


async def test_a_page_of_one_course_is_told_of_no_other(stack: ExitStack) -> None:
    here, there = await a_course(), await a_course(title='Water')
    lena = await a_guest(code=here.code, name='Lena Low')
    await database.write(lambda tx: enrollments.enroll(tx, course_id=there.course_id, user_id=lena.user_id, name=''))
    ears = Ears(
        stack,
        page=audience.of_learner(here.course_id, lena.user_id),
        person=audience.of_person(lena.user_id),
        staff=audience.of_staff(here.course_id),
    )
    await mark(there.checkpoints[0], by=lena)

    assert (ears.verbs('page'), ears.verbs('person'), ears.verbs('staff')) == ([], [Verb.COMPLETED], [])


async def test_a_change_of_the_course_reaches_everybody_in_it_once(klass: ClassAtHand, stack: ExitStack) -> None:
    changed = CourseChanged(course_id=klass.course_id)
    ears = Ears(
        stack,
        lena=audience.of_learner(klass.course_id, klass.learner.user_id),
        staff=audience.of_staff(klass.course_id),
        elsewhere=audience.of_staff(klass.course_id + 1),
    )
    staff, person = audience.of_staff(klass.course_id), audience.of_person(klass.learner.user_id)
    both = Ears(stack, both=Interest(channels=staff.channels | person.channels))
    await database.write(lambda tx: tx.announce(changed))
    await tap(klass, klass.checkpoints[0])

    assert (ears.others('lena'), ears.others('staff'), ears.others('elsewhere')) == ([changed], [changed], [])
    assert both.verbs('both') == [Verb.COMPLETED]


async def test_who_has_stopped_listening_is_told_nothing(klass: ClassAtHand) -> None:
    told: list[Event] = []
    stop = hub.watch(audience.of_staff(klass.course_id), told.extend)
    stop()
    stop()
    await tap(klass, klass.checkpoints[0])
    assert not told


@pytest.mark.parametrize('kind', get_args(Event))
def test_each_kind_of_event_says_who_may_know_of_it(kind: type[Event]) -> None:
    assert kind is Recorded or isinstance(kind.audience, Audience)


@pytest.mark.parametrize('kind', [kind for kind in get_args(Event) if kind is not Recorded])
def test_what_everybody_in_a_course_is_told_names_nobody(kind: type[Event]) -> None:
    names_somebody = not {'user_id', 'people'}.isdisjoint(field.name for field in fields(kind))
    has_a_key = kind is LiveQuestionMoved  # what is right is in it: rooms hand on what may be shown
    assert (kind.audience is Audience.COURSE) is not (names_somebody or has_a_key)


def test_what_moves_one_learner_is_told_to_no_classmate() -> None:
    moving = [each for each in TRAITS.values() if each.moves_progress or each.moves_enrollment or each.moves_help]
    assert moving
    assert {each.audience for each in moving} == {Audience.STAFF_AND_SELF}


async def test_what_programs_are_told_reaches_nobody_whom_the_activity_does_not(klass: ClassAtHand) -> None:
    board = (await rooms.enter(klass.course_id)).board
    made = 0
    for verb in Verb:
        activity = an_activity(klass, verb)
        if news := stream_events.of_activity(board, activity):
            made += 1
            assert set(audience.channels(news)) <= set(audience.channels(activity)), verb
    assert made >= 5


def an_activity(klass: ClassAtHand, verb: Verb) -> Recorded:
    return Recorded(
        id=4711,
        user_id=klass.learner.user_id,
        tap_id='one',
        verb=verb,
        course_id=klass.course_id,
        checkpoint_id=klass.checkpoints[0],
        session_id=klass.session_id,
        mode=Mode.LIVE,
        at=NOW,
        happened_at=NOW,
        local_date=NOW.date(),
    )
