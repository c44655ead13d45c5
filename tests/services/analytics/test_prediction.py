"""Predictions of a course: who is behind and why, what helps, when nothing is said, and who may know or object."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from models import Activity, BandChange, Checkpoint, CheckpointKind, Prediction, RiskBand, Verb
from services.access import Actor
from services.analytics import prediction
from services.analytics.prediction import Silence, StepKind, Urgency, answers, nightly, switches
from services.core import database
from services.core.errors import Invalid, NotFound, Refused
from services.core.transaction import Transaction
from services.courses import catalog
from services.progress import states
from tests.factories.classes import assert_log_and_projections_agree, mark
from tests.factories.people import an_admin, an_instructor, another_device
from tests.factories.terms import BEGINS, DILIGENT, MIDDLE, TermAtHand, a_term, keep_up, on, somebody_behind

pytestmark = [pytest.mark.req('N4'), pytest.mark.both_databases]


@pytest.mark.usefixtures('db')
async def test_who_is_behind_is_first_with_reasons_and_what_helps() -> None:
    term = await somebody_behind()
    async with on(MIDDLE):
        await nightly.make_all()
        found = await database.read(prediction.of_course, term.teacher, term.course_id)
    assert found.is_on
    assert found.model == 'oulad-1'
    assert found.made_at == MIDDLE
    assert [each.name for each in found.learners[:2]] == ['Gina', 'Finn']
    gina, finn, amina = found.learners[0], found.learners[1], named(found, 'Amina')
    assert gina.band is RiskBand.HIGH
    assert 'Nothing is done yet; 6 of 7 learners have begun.' in said(gina.reasons)
    assert '4 of 5 due steps are missing.' in said(finn.reasons)
    assert (amina.band, amina.reasons) == (RiskBand.LOW, ())
    assert {each.percent for each in found.learners} == {None}, 'no percentage before the school has runs of its own'

    first = finn.next_steps[0]
    assert str(first.sentence) == 'Finish “Step 5”, which is overdue.', 'what was due last counts most'
    assert first.urgency is (Urgency.NOW if finn.band is RiskBand.HIGH else Urgency.SOON)
    assert any(step.band not in {None, finn.band} for step in finn.next_steps), 'some step lowers the band'
    assert [str(step.sentence) for step in amina.next_steps] == ['Finish “Step 6” in time.']
    assert (amina.next_steps[0].kind, amina.next_steps[0].urgency) == (StepKind.GO_ON, Urgency.NOW)


@pytest.mark.usefixtures('db')
async def test_the_next_step_has_a_date_and_the_end_a_span_where_that_is_not_a_guess() -> None:
    term = await somebody_behind()
    async with on(MIDDLE):
        await nightly.make_all()
        amina, gina = await of(term, term.learners[0]), await of(term, term.learners[6])
    assert amina.milestone is not None
    assert (amina.milestone.title, amina.milestone.due_at) == ('Step 6', term.due(5))
    assert amina.milestone.kind is CheckpointKind.MARKER
    # five checkpoints in eleven days, beside a class that did 26 in seven times eleven: the next takes two or three
    assert amina.milestone.on in {date(2026, 2, 15), date(2026, 2, 16)}
    assert amina.completion is None, 'a span that is longer than the time left says nothing'
    assert gina.milestone is not None
    assert gina.milestone.title == 'Step 1'


@pytest.mark.usefixtures('db')
async def test_a_second_night_changes_nothing_and_a_caught_up_learner_changes_their_band() -> None:
    term = await somebody_behind()
    finn = term.learners[5]
    async with on(MIDDLE):
        assert await nightly.make_all() == 1
        assert await nightly.make_all() == 0, 'this night is done'
        before = await stored(term)
    async with on(MIDDLE + timedelta(minutes=1)):
        await nightly.make_now(term.teacher, term.course_id)
        assert await stored(term) == before
        for number in range(1, 5):
            await mark(term.course.checkpoints[number], by=finn)
        await nightly.make_now(term.teacher, term.course_id)
        after = await of(term, finn)
    assert after.band is RiskBand.MEDIUM, 'all is there, but four steps came late'
    assert after.since == MIDDLE + timedelta(minutes=1)
    changes = select(func.count()).select_from(BandChange).where(col(BandChange.user_id) == finn.user_id)
    assert await database.read(lambda tx: tx.execute(changes).scalar()) == 2
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize(
    ('at', 'who', 'silence'),
    [
        (BEGINS + timedelta(days=3), 0, Silence.JUST_ENROLLED),
        (MIDDLE, 1, Silence.PAUSED),
        (BEGINS + timedelta(days=40), 0, Silence.OVER),
    ],
    ids=['joined a week ago', 'paused', 'over'],
)
async def test_nothing_is_said_where_it_would_be_a_guess(at: datetime, who: int, silence: Silence) -> None:
    term = await a_term(learners=(*DILIGENT, 'Finn'))
    async with on(BEGINS + timedelta(days=1)):
        await database.write(states.pause, term.learners[1], term.course_id)
    async with on(at):
        await nightly.make_all()
        teacher = await another_device(of=term.teacher)
        found = await database.read(prediction.of_course, teacher, term.course_id)
    assert named(found, DILIGENT[who]).silence is silence
    assert named(found, DILIGENT[who]).band is None
    assert named(found, DILIGENT[who]).why_silent is not None


@pytest.mark.usefixtures('db')
async def test_a_course_with_few_learners_checkpoints_or_dates_says_nothing() -> None:
    small = await a_term(learners=DILIGENT[:4])
    short = await a_term(learners=DILIGENT, checkpoints=4)
    undated = await a_term(learners=DILIGENT)
    await database.write(take_dates_away, undated)
    async with on(MIDDLE):
        await nightly.make_all()
        found = [
            (await database.read(prediction.of_course, term.teacher, term.course_id)).learners[0].silence
            for term in (small, short, undated)
        ]
    assert found == [Silence.SMALL_CLASS, Silence.SMALL_COURSE, Silence.NO_DATES]


@pytest.mark.req('A2', 'V1')
@pytest.mark.usefixtures('db')
async def test_only_those_who_teach_the_learner_and_the_learner_know() -> None:
    term = await somebody_behind()
    foreign, gina, finn = await an_instructor(name='Fay'), term.learners[6], term.learners[5]
    helper = await an_instructor(name='Hal', email='hal@example.org')
    async with on(MIDDLE):
        await database.write(catalog.add_co_instructor, term.teacher, term.course_id, email='hal@example.org')
        await nightly.make_all()
        admin, helper, foreign = [await another_device(of=each) for each in (await an_admin(), helper, foreign)]
        for who in (term.teacher, helper, admin, gina):
            seen = await database.read(prediction.of_learner, who, term.course_id, gina.user_id)
            assert seen.band is RiskBand.HIGH
        for who in (foreign, finn):
            with pytest.raises(NotFound):
                await database.read(prediction.of_learner, who, term.course_id, gina.user_id)
        for who in (foreign, finn, gina):
            with pytest.raises(NotFound):
                await database.read(prediction.of_course, who, term.course_id)
            with pytest.raises(NotFound):
                await nightly.make_now(who, term.course_id)
            with pytest.raises(NotFound):
                await database.read(prediction.quality, who, term.course_id)


@pytest.mark.req('V5')
@pytest.mark.usefixtures('db')
async def test_a_learner_contests_and_a_teacher_dismisses_with_a_reason() -> None:
    term = await somebody_behind()
    gina, amina = term.learners[6], term.learners[0]
    async with on(MIDDLE):
        with pytest.raises(Refused):
            await database.write(answers.contest, gina, term.course_id, reason='too soon')
        await nightly.make_all()
        await database.write(answers.contest, gina, term.course_id, reason='I work on paper.')
        seen = await of(term, gina, by=term.teacher)
        assert seen.contested is not None
        assert (seen.contested.by, seen.contested.reason) == ('Gina', 'I work on paper.')
        with pytest.raises(Invalid):
            await database.write(answers.dismiss, term.teacher, term.course_id, gina.user_id, reason=' ')
        with pytest.raises(NotFound):
            await database.write(answers.dismiss, amina, term.course_id, gina.user_id, reason='She is nice.')
        await database.write(answers.dismiss, term.teacher, term.course_id, gina.user_id, reason='Handed in on paper.')
        assert (await of(term, gina)).dismissed is not None
        verbs = select(col(Activity.verb), col(Activity.words)).where(
            col(Activity.verb).in_([Verb.RISK_CONTESTED, Verb.RISK_DISMISSED])
        )
        rows = await database.read(lambda tx: [tuple(row) for row in tx.execute(verbs)])
        assert rows == [(Verb.RISK_CONTESTED, ''), (Verb.RISK_DISMISSED, '')], 'the log has no words'
    async with on(MIDDLE + timedelta(hours=1)):
        for number in range(5):
            await mark(term.course.checkpoints[number], by=gina)
        await nightly.make_now(term.teacher, term.course_id)
        assert (await of(term, gina)).dismissed is None, 'another band is news'


@pytest.mark.req('V5')
@pytest.mark.usefixtures('db')
async def test_one_switch_turns_it_off_for_a_person_a_course_or_the_school() -> None:
    term = await somebody_behind()
    gina = term.learners[6]
    async with on(MIDDLE):
        admin = await an_admin()
        await nightly.make_all()
        await database.write(switches.switch_mine, gina, on=False)
        await nightly.make_now(term.teacher, term.course_id)
        assert (await of(term, gina)).silence is Silence.OFF
        assert await count_of(gina) == 0, 'nothing is kept of a person who does not want it'

        await database.write(switches.switch_course, term.teacher, term.course_id, on=False)
        assert await stored(term) == []
        assert (await database.read(prediction.of_course, term.teacher, term.course_id)).learners == ()
        with pytest.raises(Refused):
            await nightly.make_now(term.teacher, term.course_id)
        await database.write(switches.switch_course, term.teacher, term.course_id, on=True)
        await nightly.make_now(term.teacher, term.course_id)
        assert len(await stored(term)) == 6

        await database.write(switches.switch_school, admin, on=False)
        assert await stored(term) == []
        assert await nightly.make_all() == 0
        with pytest.raises(NotFound):
            await database.write(switches.switch_school, term.teacher, on=True)


@pytest.mark.usefixtures('db')
async def test_the_quality_of_a_course_that_is_over_is_counted_by_band() -> None:
    term = await somebody_behind()
    async with on(MIDDLE - timedelta(days=2)):
        await nightly.make_all()
    await keep_up(term, until=10, who=term.learners[:5])
    async with on(BEGINS + timedelta(days=21)):
        await nightly.make_all()
        assert await database.read(prediction.quality, term.teacher, term.course_id) == (), 'late work still counts'
    async with on(BEGINS + timedelta(days=36)):
        await nightly.make_all()
        teacher, admin = await another_device(of=term.teacher), await an_admin()
        (course,) = await database.read(prediction.quality, teacher, term.course_id)
        assert await database.read(prediction.quality, admin) == (), 'seven learners of one course'
    high, low = course.bands[0], course.bands[-1]
    assert (high.band, high.unfinished) == (RiskBand.HIGH, high.learners)
    assert (low.band, low.learners, low.unfinished) == (RiskBand.LOW, 5, 0)
    assert sum(band.learners for band in course.bands) == 7


def named(found: prediction.CoursePredictions, name: str) -> prediction.LearnerPrediction:
    return next(each for each in found.learners if each.name == name)


def said(reasons: tuple[prediction.Reason, ...]) -> list[str]:
    return [str(reason.sentence) for reason in reasons]


def take_dates_away(tx: Transaction, term: TermAtHand) -> None:
    tx.execute(update(Checkpoint).where(col(Checkpoint.course_id) == term.course_id).values(due_at=None))


async def of(term: TermAtHand, learner: Actor, *, by: Actor | None = None) -> prediction.LearnerPrediction:
    return await database.read(prediction.of_learner, by or learner, term.course_id, learner.user_id)


async def stored(term: TermAtHand) -> list[dict[str, object]]:
    rows = select(Prediction).where(col(Prediction.course_id) == term.course_id).order_by(col(Prediction.user_id))
    return await database.read(lambda tx: [row.model_dump() for row in tx.session.scalars(rows)])


async def count_of(learner: Actor) -> int:
    def query(tx: Transaction) -> int:
        return sum(
            tx.execute(select(func.count()).select_from(kept).where(col(kept.user_id) == learner.user_id)).scalar() or 0
            for kept in (Prediction, BandChange)
        )

    return await database.read(query)
