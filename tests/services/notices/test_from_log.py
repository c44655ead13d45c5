"""What happens in a course reaches the people whom it concerns: once, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlmodel import col

from models import FollowerState, HelpRequest, Notice, NoticeKind, Reveal, Submission, Verb
from services import followers
from services.access import Actor
from services.activity import following, log
from services.activity.following import Running
from services.activity.log import Entry
from services.activity.recording import record
from services.assignments import grading
from services.core import clock, database, hub
from services.core.audience import of_person
from services.core.errors import DomainError
from services.core.events import Event, NoticesChanged
from services.core.phrases import Phrase, recalled
from services.core.transaction import Transaction
from services.courses import catalog
from services.grades import overrides
from services.live.help import queue
from services.motivation import made_badges
from services.motivation.made_badges import Wish
from services.notices.follower import FOLLOWER
from services.people import merging, participants
from services.quizzes import marking
from services.quizzes.quiz_settings import Rules
from tests.factories.assignments import an_assignment, hand_in
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.factories.quizzes import a_quiz, take
from tests.services.quizzes.test_marking import a_quiz_with_essays
from tests.support.query_plans import scans

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M1')]


@dataclass(frozen=True, slots=True)
class Got:
    """A notice as somebody has it."""

    kind: NoticeKind
    title: str
    address: str
    is_read: bool


async def test_a_learner_is_notified_of_what_they_complete() -> None:
    klass = await a_class(checkpoints=8)
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
        await follow()
    await follow()

    assert [each.title for each in await notices_of(klass.learner)] == [
        'You have done a quarter of “Soil”.',
        'You have done half of “Soil”.',
        'You have done three quarters of “Soil”.',
        'Congratulations! You have completed “Soil”.',
    ]
    assert await notices_of(klass.teacher) == []


async def test_a_milestone_is_reached_once_also_when_the_follower_was_late() -> None:
    klass = await a_class(checkpoints=8)
    for checkpoint in klass.checkpoints[:4]:
        await tap(klass, checkpoint)
    await tap(klass, klass.checkpoints[3], verb=Verb.UNDONE)
    await tap(klass, klass.checkpoints[3])
    await follow()
    await tap(klass, klass.checkpoints[4])
    await follow()

    assert [each.title for each in await notices_of(klass.learner)] == ['You have done half of “Soil”.']


async def test_work_that_is_graded_and_returned_is_one_notice_and_a_changed_grade_another() -> None:
    work = await an_assignment()
    submission_id = await hand_in(work)
    await database.write(grading.grade, work.teacher, submission_id, grade=74)
    await follow()
    assert of_kind(await notices_of(work.learner), NoticeKind.GRADE) == []

    await database.write(grading.give_back, work.teacher, work.checkpoint_id)
    await follow()
    (notice,) = of_kind(await notices_of(work.learner), NoticeKind.GRADE)
    assert notice.title == 'Your work on “Soil report” was returned to you.'
    assert notice.address == f'/assignments/{work.checkpoint_id}'

    seen = (await database.read(lambda tx: tx.session.get_one(Submission, submission_id))).graded_at
    await database.write(grading.grade, work.teacher, submission_id, grade=80, returns=True, seen=seen)
    await follow()
    _, changed = of_kind(await notices_of(work.learner), NoticeKind.GRADE)
    assert changed.title == 'Your grade for “Soil report” has changed.'


async def test_who_has_just_seen_a_score_is_not_notified_of_it_and_who_waited_for_a_person_is() -> None:
    quiz = await a_quiz()
    await take(quiz)
    await follow()
    assert of_kind(await notices_of(quiz.learner), NoticeKind.GRADE) == []

    waiting = await a_quiz_with_essays()
    where = waiting.teacher, waiting.checkpoint_id
    first, _ = await database.read(marking.on_desk, *where, question_id=waiting.question_ids[1], names=True)
    await database.write(marking.grade, waiting.teacher, first.attempt_id, position=1, points=Decimal(3))
    await follow()
    told = {who.name: of_kind(await notices_of(who), NoticeKind.GRADE) for who in waiting.klass.learners}
    assert [each.title for each in told.pop(first.name)] == ['Your answers in “Soil quiz” were graded.']
    assert list(told.values()) == [[]]


@pytest.mark.parametrize('reveal', [Reveal.AFTER_SUBMIT, Reveal.NEVER])
async def test_a_score_that_is_not_shown_is_no_news(reveal: Reveal) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=reveal))
    await database.write(overrides.set_score, quiz.teacher, quiz.checkpoint_id, user_id=quiz.learner.user_id, score=50)
    await follow()

    titles = [each.title for each in await notices_of(quiz.learner)]
    assert titles == ([] if reveal is Reveal.NEVER else ['Your grade for “Soil quiz” has changed.'])


async def test_help_that_came_is_news_and_those_who_teach_hear_once_of_a_class() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    for who in klass.learners:
        await join_class(klass, by=who)
    asked = [await database.write(queue.ask, who, klass.session_id, klass.checkpoints[0]) for who in klass.learners]
    await database.write(queue.resolve, klass.teacher, asked[0])
    await database.write(queue.claim, klass.teacher, asked[1])
    await database.write(queue.resolve, otto, asked[1])
    await follow()

    assert [each.title for each in await notices_of(klass.teacher)] == ['Learners ask for help in “Soil”.']
    assert [each.title for each in await notices_of(lena)] == ['Your question about “Step 1” was answered.']
    assert await notices_of(otto) == [], 'who says so themselves knows it'


async def test_a_badge_is_news_in_the_language_of_its_reader() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    _, otto = klass.learners
    await database.write(earn, otto, klass.course_id)
    await follow()

    (notice,) = of_kind(await notices_of(otto), NoticeKind.ACHIEVEMENT)
    assert (notice.title, notice.address) == ('You have earned the badge “Helper”.', '/goals')
    (row,) = await database.read(
        lambda tx: tx.session.scalars(select(Notice).where(col(Notice.kind) == NoticeKind.ACHIEVEMENT)).all()
    )
    said = recalled(row.title)
    assert isinstance(said, Phrase)
    assert isinstance(said.values['badge'], Phrase), 'its name can be put into another language'


async def test_a_badge_of_the_course_is_news_and_one_that_was_earned_long_ago_is_none() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    digger = await database.write(made_badges.add, klass.teacher, klass.course_id, wish=Wish(name='Digger'))
    await database.write(earn, otto, klass.course_id, badge=digger)
    await database.write(earn, lena, klass.course_id, badge=digger, days_ago=8)
    await follow()

    assert [each.title for each in await notices_of(otto)] == ['You have earned the badge “Digger”.']
    assert await notices_of(lena) == [], 'a school that gets badges today does not hear of those of last year'


async def test_nobody_is_notified_of_a_course_that_they_left_or_that_is_archived() -> None:
    klass = await a_class(learners=['Lena', 'Otto'], checkpoints=1)
    lena, otto = klass.learners
    for who in klass.learners:
        await tap(klass, klass.checkpoints[0], by=who)
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=otto.user_id)
    await follow()
    assert (len(await notices_of(lena)), await notices_of(otto)) == (1, [])

    other = await a_class(by=klass.teacher, title='Water', checkpoints=1)
    await tap(other, other.checkpoints[0])
    await database.write(catalog.archive, klass.teacher, other.course_id, archived=True)
    await follow()
    assert await notices_of(other.learner) == []


@pytest.mark.both_databases
@pytest.mark.req('A5')
async def test_a_guest_who_turns_out_to_be_somebody_brings_their_notices() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'], checkpoints=1)
    lena, phone = klass.learners
    heard: list[Event] = []
    stop = hub.watch(of_person(lena.user_id), heard.extend)
    await tap(klass, klass.checkpoints[0], by=phone)
    await follow()
    assert len(await notices_of(phone)) == 1

    await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=phone.user_id, into_id=lena.user_id)
    await follow()
    stop()

    assert await notices_of(phone) == []
    assert [each.title for each in await notices_of(lena)] == ['Congratulations! You have completed “Soil”.']
    assert [each for each in heard if isinstance(each, NoticesChanged)] == [NoticesChanged(user_id=lena.user_id)]


async def test_a_rebuild_brings_nothing_twice_and_loses_no_read_mark() -> None:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    await follow()
    await database.write(read_all)

    await database.write(following.rebuild, FOLLOWER)
    await follow()

    assert [each.is_read for each in await notices_of(klass.learner)] == [True]


async def test_what_is_older_than_a_week_is_history(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        await follow()

    assert await notices_of(klass.learner) == []


async def test_a_badge_for_deeds_of_long_ago_is_history_too() -> None:
    klass = await a_class(checkpoints=1)

    def award(tx: Transaction, badge_id: int, days: int) -> None:
        entry = Entry(
            user_id=klass.learner.user_id,
            tap_id=f'badge:{badge_id}',
            verb=Verb.BADGE_EARNED,
            course_id=klass.course_id,
            details={'badge': badge_id, 'points': 0},
            happened_at=tx.now - timedelta(days=days),
        )
        record(tx, [entry])

    await database.write(award, -1, 8)
    await database.write(award, -2, 1)
    await follow()

    assert [each.title for each in await notices_of(klass.learner)] == [
        'You have earned the badge “Consistency King”.',
    ]


@pytest.mark.both_databases
@pytest.mark.req('O8')
async def test_following_reads_no_big_table_from_end_to_end() -> None:
    klass = await a_class(checkpoints=8)
    await join_class(klass)
    await database.write(queue.ask, klass.learner, klass.session_id, klass.checkpoints[7])
    for checkpoint in klass.checkpoints[:6]:
        await tap(klass, checkpoint)
    await follow()

    found = await database.write(scans, lambda tx: FOLLOWER.take(tx, log.after(tx, 0, 100)))
    assert found == []


DEEDS = st.sampled_from(['complete', 'undo', 'ask', 'help', 'follow', 'follow again', 'rebuild'])


@pytest.mark.both_databases
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(DEEDS, st.integers(0, 7)), max_size=14))
async def test_the_log_gives_the_same_notices_in_slices_of_any_size(history: Sequence[tuple[str, int]]) -> None:
    """However often the follower stops, begins anew or sees the same again, each thing is one notice."""
    klass = await a_class(checkpoints=8)
    for deed, number in history:
        await do(klass, deed, number)
    await follow()
    once = await keys()

    await database.write(following.rebuild, FOLLOWER)
    await follow()

    again = await keys()
    assert again == once
    assert len(set(again)) == len(again)


async def do(klass: ClassAtHand, deed: str, number: int) -> None:
    checkpoint = klass.checkpoints[number]
    match deed:
        case 'complete':
            await tap(klass, checkpoint)
        case 'undo':
            await tap(klass, checkpoint, verb=Verb.UNDONE)
        case 'ask':
            await database.write(may_ask, klass, checkpoint)
        case 'help':
            await database.write(help_all, klass)
        case 'rebuild':
            await database.write(following.rebuild, FOLLOWER)
        case _:
            await follow()


def may_ask(tx: Transaction, klass: ClassAtHand, checkpoint: int) -> None:
    try:
        queue.ask(tx, klass.learner, klass.session_id, checkpoint)
    except DomainError:
        return  # it is done already, or they wait at another checkpoint


def help_all(tx: Transaction, klass: ClassAtHand) -> None:
    here = col(HelpRequest.course_id) == klass.course_id, col(HelpRequest.resolved_at).is_(None)
    for row in tx.session.scalars(select(HelpRequest).where(*here)).all():
        queue.resolve(tx, klass.teacher, row.id)


def earn(tx: Transaction, who: Actor, course_id: int, *, badge: int = -5, days_ago: int = 0) -> None:
    entry = Entry(
        user_id=who.user_id,
        tap_id=f'badge:{badge}',
        verb=Verb.BADGE_EARNED,
        course_id=course_id,
        details={'badge': badge},
        happened_at=tx.now - timedelta(days=days_ago),
    )
    record(tx, [entry])


async def follow() -> None:
    """Let all followers follow the log to its end: one of them completes modules."""
    await database.write(let_go)
    for _ in range(2):
        for each in followers.ALL:
            await Running(each).catch_up()
        await database.write(let_go)


def let_go(tx: Transaction) -> None:
    tx.execute(update(FollowerState).values(leased_by='', leased_until=None))


async def notices_of(who: Actor) -> list[Got]:
    """Return all that somebody was notified of, oldest first."""
    mine = select(Notice).where(col(Notice.user_id) == who.user_id).order_by(col(Notice.id))
    rows = await database.read(lambda tx: list(tx.session.scalars(mine)))
    return [
        Got(kind=row.kind, title=str(recalled(row.title)), address=row.address, is_read=row.read_at is not None)
        for row in rows
    ]


def of_kind(notices: Sequence[Got], kind: NoticeKind) -> list[Got]:
    return [each for each in notices if each.kind is kind]


async def keys() -> list[tuple[int, NoticeKind, str, str]]:
    rows = await database.read(lambda tx: list(tx.session.scalars(select(Notice))))
    return sorted((row.user_id, row.kind, row.object_key, row.occurrence) for row in rows)


def read_all(tx: Transaction) -> None:
    tx.execute(update(Notice).values(read_at=tx.now))
