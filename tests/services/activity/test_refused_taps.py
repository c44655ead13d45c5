"""Taps that cannot be taken: each gets its own sentence, and nobody else notices."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from models import Activity, Verb
from services.activity import taps
from services.activity.log import LONGEST_TAP_ID
from services.activity.taps import Receipt, Tap
from services.core import database
from services.core.errors import DomainError, Gone, NotEnrolled, NotFound, NotSignedIn, Refused
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, modules
from services.courses.checkpoints import Details
from services.live import sessions
from tests.factories.classes import ClassAtHand, a_class, a_course, assert_log_and_projections_agree, percent, tap
from tests.factories.people import a_student, sign_out

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L3', 'S1', 'A2')]


async def the_class_ends(klass: ClassAtHand) -> None:
    await database.write(sessions.end, klass.teacher, klass.course_id)


async def the_course_is_archived(klass: ClassAtHand) -> None:
    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=True)


async def the_course_is_deleted(klass: ClassAtHand) -> None:
    await database.write(catalog.delete, klass.teacher, klass.course_id)


async def the_checkpoint_is_deleted(klass: ClassAtHand) -> None:
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[1])


async def the_module_is_deleted(klass: ClassAtHand) -> None:
    await database.write(modules.delete, klass.teacher, klass.module_id)


async def the_checkpoint_becomes_a_preview(klass: ClassAtHand) -> None:
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[1], Details(title='Look', is_preview=True))


async def the_learner_signs_out(klass: ClassAtHand) -> None:
    await sign_out(actor=klass.learner)


@pytest.mark.parametrize(
    ('meanwhile', 'refusal', 'says'),
    [
        (the_class_ends, Gone, 'ended'),
        (the_course_is_archived, Gone, 'archived this course'),
        (the_course_is_deleted, Gone, 'archived this course'),
        (the_checkpoint_is_deleted, Gone, 'removed this step'),
        (the_module_is_deleted, Gone, 'removed this step'),
        (the_checkpoint_becomes_a_preview, Refused, 'preview'),
        (the_learner_signs_out, NotSignedIn, 'signed out'),
    ],
)
async def test_what_can_happen_while_a_learner_is_about_to_tap(
    meanwhile: Callable[[ClassAtHand], Awaitable[None]], refusal: type[DomainError], says: str
) -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])
    first = await tap(klass, klass.checkpoints[1], tap_id='before')
    await meanwhile(klass)
    before = await log_length()

    with pytest.raises(refusal, match=says):
        await tap(klass, klass.checkpoints[1])
    assert await tap(klass, klass.checkpoints[1], tap_id='before') == first, 'what is on disk keeps its receipt'
    assert await log_length() == before
    await assert_log_and_projections_agree()


async def test_somebody_who_is_not_enrolled() -> None:
    klass = await a_class()

    with pytest.raises(NotEnrolled, match='Not enrolled in this course'):
        await tap(klass, klass.checkpoints[0], by=await a_student())


async def test_the_instructor_is_not_a_learner_of_their_own_class() -> None:
    klass = await a_class()

    with pytest.raises(NotEnrolled):
        await tap(klass, klass.checkpoints[0], by=klass.teacher)


async def test_a_checkpoint_of_another_course_looks_like_one_that_never_was() -> None:
    klass, other = await a_class(), await a_course(title='Water')

    with pytest.raises(NotFound) as foreign:
        await tap(klass, other.checkpoints[0])
    with pytest.raises(NotFound) as absent:
        await tap(klass, 999_999)
    assert str(foreign.value) == str(absent.value)


async def test_a_class_that_never_was() -> None:
    klass = await a_class()

    with pytest.raises(NotFound):
        await taps.take(
            Tap(
                actor=klass.learner,
                session_id=999_999,
                verb=Verb.COMPLETED,
                tap_id='1',
                checkpoint_id=klass.checkpoints[0],
            )
        )


async def test_nobody() -> None:
    klass = await a_class()

    with pytest.raises(NotSignedIn):
        await taps.take(
            Tap(
                actor=None,
                session_id=klass.session_id,
                verb=Verb.COMPLETED,
                tap_id='1',
                checkpoint_id=klass.checkpoints[0],
            )
        )


@pytest.mark.parametrize('tap_id', ['', 'x' * 49, 'a\nb', 'completed:1', '\x00'])
async def test_a_tap_id_that_cannot_be_one(tap_id: str) -> None:
    klass = await a_class()

    with pytest.raises(Refused, match='cannot be read'):
        await taps.take(
            Tap(
                actor=klass.learner,
                session_id=klass.session_id,
                verb=Verb.COMPLETED,
                tap_id=tap_id,
                checkpoint_id=klass.checkpoints[0],
            )
        )


@pytest.mark.parametrize('verb', [Verb.ENROLLED, Verb.COURSE_COMPLETED])
async def test_no_screen_can_record_what_only_the_log_may_say(verb: Verb) -> None:
    klass = await a_class()

    with pytest.raises(Refused):
        await tap(klass, klass.checkpoints[0], verb=verb)


async def test_the_longest_tap_id_leaves_room_for_what_is_derived_from_it() -> None:
    klass = await a_class()

    await tap(klass, klass.checkpoints[0], tap_id='x' * LONGEST_TAP_ID, then=klass.checkpoints[1])

    await assert_log_and_projections_agree()


async def test_leaving_is_noted_also_when_the_class_has_ended() -> None:
    klass = await a_class()
    await the_class_ends(klass)

    assert (await tap(klass, None, verb=Verb.LEFT)).verb is Verb.LEFT


async def test_one_refused_tap_of_many_at_once_does_not_hurt_the_others() -> None:
    klass = await a_class(learners=['Lena', 'Otto', 'Pia'])
    stranger = await a_student()

    outcomes = await asyncio.gather(
        tap(klass, klass.checkpoints[0], by=klass.learners[0]),
        tap(klass, klass.checkpoints[0], by=stranger),
        tap(klass, 999_999, by=klass.learners[1]),
        tap(klass, klass.checkpoints[0], by=klass.learners[2]),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [Receipt, NotEnrolled, NotFound, Receipt]
    assert [await percent(klass, who) for who in klass.learners] == [33, 0, 33]
    await assert_log_and_projections_agree()


async def test_one_tap_that_blows_up_does_not_hurt_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    check = taps._check

    def explosive(facts: object, tap: Tap) -> int:
        if tap.tap_id == 'bomb':
            raise ZeroDivisionError
        return check(facts, tap)  # type: ignore[arg-type]

    monkeypatch.setattr(taps, '_check', explosive)
    outcomes = await asyncio.gather(
        tap(klass, klass.checkpoints[0], by=klass.learners[0]),
        tap(klass, klass.checkpoints[1], by=klass.learners[0], tap_id='bomb'),
        tap(klass, klass.checkpoints[0], by=klass.learners[1]),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [Receipt, ZeroDivisionError, Receipt]
    await assert_log_and_projections_agree()


async def test_a_refused_tap_taken_again_with_the_same_id_once_it_is_allowed() -> None:
    klass = await a_class()
    await the_course_is_archived(klass)
    with pytest.raises(Gone):
        await tap(klass, klass.checkpoints[0], tap_id='1')
    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=False)

    await tap(klass, klass.checkpoints[0], tap_id='1')

    assert await percent(klass, klass.learner) == 33


async def log_length() -> int:
    def count(tx: Transaction) -> int:
        return tx.execute(select(func.count()).select_from(Activity)).scalar_one()

    return await database.read(count)
