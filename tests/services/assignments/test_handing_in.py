"""A learner writes, adds files and hands in; a teacher grades it and returns it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from models import Activity, CourseGroup, SubmissionState, Verb
from services.assignments import desk, grading, rules, submissions
from services.assignments.rules import Rules
from services.core import clock, database
from services.core.errors import Gone, Invalid, NotEnrolled, NotFound, Refused, Removed
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.people import groups, participants
from tests.factories.assignments import (
    DETAILS,
    AssignmentAtHand,
    an_assignment,
    hand_in,
    listed,
    seen_by,
    write,
)
from tests.factories.classes import assert_log_and_projections_agree, percent
from tests.factories.people import an_instructor, another_device

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q4'), pytest.mark.both_databases]


async def grade(work: AssignmentAtHand, submission_id: int, number: int | None, **more: object) -> None:
    await database.write(grading.grade, work.teacher, submission_id, grade=number, **more)


async def told(work: AssignmentAtHand) -> list[tuple[Verb, int | None]]:
    def look(tx: Transaction) -> list[tuple[Verb, int | None]]:
        here = col(Activity.checkpoint_id) == work.checkpoint_id
        return [
            (each.verb, each.score) for each in tx.session.exec(select(Activity).where(here).order_by(col(Activity.id)))
        ]

    return await database.read(look)


@pytest.mark.req('S6')
async def test_work_is_handed_in_graded_and_returned_and_completes_its_checkpoint() -> None:
    work = await an_assignment()
    assert (await seen_by(work)).tries == ()
    await write(work, 'Sandy')
    await hand_in(work, 'Sandy, and **dry**.')
    (mine,) = (await seen_by(work)).tries
    assert (mine.state, mine.text, mine.late) == (SubmissionState.SUBMITTED, 'Sandy, and **dry**.', timedelta(0))

    await grade(work, mine.submission_id, 80, feedback='Say *why*.')
    (mine,) = (await seen_by(work)).tries
    assert (mine.state, mine.grade, mine.feedback) == (SubmissionState.SUBMITTED, None, '')
    assert (await percent(work.klass, work.learner), await told(work)) == (0, [(Verb.ASSIGNMENT_SUBMITTED, None)])

    assert await database.write(grading.give_back, work.teacher, work.checkpoint_id) == 1
    assert await database.write(grading.give_back, work.teacher, work.checkpoint_id) == 0
    (mine,) = (await seen_by(work)).tries
    assert (mine.state, mine.grade, mine.feedback) == (SubmissionState.RETURNED, 80, 'Say *why*.')
    assert await percent(work.klass, work.learner) == 50
    assert [verb for verb, _ in await told(work)] == [
        Verb.ASSIGNMENT_SUBMITTED,
        Verb.RETURNED,
        Verb.GRADED,
        Verb.COMPLETED,
    ]
    await assert_log_and_projections_agree()


@pytest.mark.req('S6')
async def test_a_grade_below_the_pass_mark_does_not_complete_until_it_is_corrected() -> None:
    work = await an_assignment(with_rules=Rules(passing_percent=60))
    handed = await hand_in(work)
    await grade(work, handed, 59, returns=True)
    assert (await seen_by(work)).tries[0].grade == 59
    assert await percent(work.klass, work.learner) == 0

    seen = (await database.read(desk.on_desk, work.teacher, handed)).graded_at
    with pytest.raises(Invalid, match='the one that counts now'):
        await grade(work, handed, None, seen=seen)
    await grade(work, handed, 60, seen=seen)
    assert (await seen_by(work)).tries[0].grade == 60
    assert await percent(work.klass, work.learner) == 50
    await assert_log_and_projections_agree()


@pytest.mark.req('S6')
async def test_what_is_not_graded_completes_by_being_handed_in() -> None:
    work = await an_assignment(with_rules=Rules(is_graded=False))
    handed = await hand_in(work)
    assert await percent(work.klass, work.learner) == 50
    with pytest.raises(Invalid):
        await grade(work, handed, 90)
    await grade(work, handed, None, feedback='Thank you.', returns=True)
    (mine,) = (await seen_by(work)).tries
    assert (mine.grade, mine.feedback, mine.state) == (None, 'Thank you.', SubmissionState.RETURNED)


async def test_handing_in_twice_is_handing_in_once() -> None:
    work = await an_assignment()
    await hand_in(work)
    assert not await database.write(submissions.submit, work.learner, work.checkpoint_id)
    assert [verb for verb, _ in await told(work)] == [Verb.ASSIGNMENT_SUBMITTED]
    with pytest.raises(Refused, match='handed in'):
        await write(work, 'Clay.')


async def test_nothing_cannot_be_handed_in() -> None:
    work = await an_assignment()
    with pytest.raises(Refused, match='nothing to hand in'):
        await database.write(submissions.submit, work.learner, work.checkpoint_id)
    await write(work, '   \n')
    with pytest.raises(Refused, match='nothing to hand in'):
        await database.write(submissions.submit, work.learner, work.checkpoint_id)


async def test_two_devices_do_not_overwrite_each_other() -> None:
    work = await an_assignment()
    phone = await another_device(of=work.learner)
    seen = await write(work, 'Sandy.')
    saved = await database.write(submissions.save_text, phone, work.checkpoint_id, text='Clay.', seen=seen)
    with pytest.raises(Refused, match='another device'):
        await database.write(submissions.save_text, work.learner, work.checkpoint_id, text='Silt.', seen=seen)
    assert (await seen_by(work)).tries[0].text == 'Clay.'
    # the same once more changes nothing, as when a receipt was lost
    again = {'text': 'Clay.', 'seen': None}
    assert await database.write(submissions.save_text, work.learner, work.checkpoint_id, **again) == saved


async def test_late_work_is_marked_with_its_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    due_at = clock.now() + timedelta(hours=1)
    work = await an_assignment(due_at=due_at)
    pass_to(monkeypatch, due_at + timedelta(minutes=7))
    await hand_in(work)
    assert (await seen_by(work)).tries[0].late == timedelta(minutes=7)
    assert (await listed(work))['Lena Learner'].late == timedelta(minutes=7)


async def test_where_nothing_is_taken_late_an_extension_helps_one_learner_and_one_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    due_at = clock.now() + timedelta(hours=1)
    names = ('Lena Learner', 'Otto Other', 'Gina Group')
    work = await an_assignment(with_rules=Rules(takes_late=False), due_at=due_at, learners=names)
    lena, otto, gina = work.klass.learners
    later = due_at + timedelta(days=1)
    group_id = await a_group_of(work, gina.user_id)
    agree = {'due_at': later}
    await database.write(rules.extend, work.teacher, work.checkpoint_id, user_id=lena.user_id, **agree)
    await database.write(rules.extend, work.teacher, work.checkpoint_id, group_id=group_id, **agree)
    dates = await database.read(rules.agreed_dates, work.teacher, work.checkpoint_id)
    assert [(each.name, each.due_at) for each in dates] == [
        ('Green', later),
        ('Gina Group', None),
        ('Lena Learner', later),
        ('Otto Other', None),
    ]
    early = due_at - timedelta(minutes=1)
    with pytest.raises(Invalid):
        await database.write(rules.extend, work.teacher, work.checkpoint_id, user_id=otto.user_id, due_at=early)
    far = datetime.max.replace(tzinfo=UTC)
    with pytest.raises(Invalid, match='Choose a year from 2000 to 2199'):
        await database.write(rules.extend, work.teacher, work.checkpoint_id, user_id=otto.user_id, due_at=far)
    with pytest.raises(NotFound):
        await database.write(rules.extend, work.teacher, work.checkpoint_id, **agree)
    pass_to(monkeypatch, due_at + timedelta(minutes=1))

    for who in (lena, gina):
        assert (await seen_by(work, who)).due_at == later
        await hand_in(work, by=who)
        assert (await seen_by(work, who)).tries[0].late == timedelta(0)
    with pytest.raises(Refused, match='nothing is taken late'):
        await write(work, 'Too late.', by=otto)
    lines = await listed(work)
    assert [lines[name].is_overdue for name in names] == [False, True, False]


async def test_a_deadline_in_the_past_stops_nobody_where_late_work_is_taken() -> None:
    work = await an_assignment(due_at=clock.now() - timedelta(days=3))
    await hand_in(work)
    assert (await seen_by(work)).tries[0].late >= timedelta(days=3)


async def test_what_waits_can_be_taken_back_until_it_is_due_or_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    due_at = clock.now() + timedelta(hours=1)
    work = await an_assignment(due_at=due_at)
    await hand_in(work, 'Sandy.')
    await database.write(submissions.take_back, work.learner, work.checkpoint_id)
    assert (await listed(work))['Lena Learner'].state is SubmissionState.DRAFT
    handed = await hand_in(work, 'Clay.')
    pass_to(monkeypatch, due_at + timedelta(minutes=1))
    assert not (await seen_by(work)).can_take_back
    with pytest.raises(Refused):
        await database.write(submissions.take_back, work.learner, work.checkpoint_id)
    pass_to(monkeypatch, due_at - timedelta(minutes=1))
    await grade(work, handed, 50)
    with pytest.raises(Refused):
        await database.write(submissions.take_back, work.learner, work.checkpoint_id)


async def test_who_may_hand_in_again_begins_with_a_copy_and_loses_nothing() -> None:
    work = await an_assignment(with_rules=Rules(may_resubmit=True))
    first = await hand_in(work, 'Sandy.')
    await grade(work, first, 30, feedback='Look closer.', returns=True)
    await write(work, 'Sandy, with clay.')
    second = await hand_in(work, 'Sandy, with clay below.')
    assert second != first
    new, old = (await seen_by(work)).tries
    assert (new.number, new.state, old.text, old.grade) == (2, SubmissionState.SUBMITTED, 'Sandy.', 30)
    await grade(work, second, 90, returns=True)
    assert await percent(work.klass, work.learner) == 50
    await assert_log_and_projections_agree()


async def test_what_was_returned_stays_where_it_is_handed_in_once() -> None:
    work = await an_assignment()
    await grade(work, await hand_in(work), 30, returns=True)
    with pytest.raises(Refused, match='cannot be handed in again'):
        await write(work, 'Again.')


async def test_rules_that_become_kinder_complete_the_step_of_those_who_have_done_enough() -> None:
    work = await an_assignment(with_rules=Rules(passing_percent=60), learners=['Lena', 'Otto', 'Mia'])
    lena, otto, mia = work.klass.learners
    await grade(work, await hand_in(work, by=lena), 55, returns=True)
    await grade(work, await hand_in(work, by=otto), 40, returns=True)
    await hand_in(work, by=mia)

    async def percents() -> list[int]:
        return [await percent(work.klass, each) for each in (lena, otto, mia)]

    assert await percents() == [0, 0, 0]
    await database.write(rules.set_rules, work.teacher, work.checkpoint_id, Rules(passing_percent=50))
    assert await percents() == [50, 0, 0]
    await database.write(rules.set_rules, work.teacher, work.checkpoint_id, Rules(is_graded=False))
    assert await percents() == [50, 50, 50], 'it is complete once it is handed in'
    await database.write(rules.set_rules, work.teacher, work.checkpoint_id, Rules(passing_percent=90))
    assert await percents() == [50, 50, 50], 'nothing is taken away'
    await assert_log_and_projections_agree()


async def test_a_grade_is_not_put_on_work_that_its_teacher_has_not_read() -> None:
    work = await an_assignment()
    read = await database.read(desk.on_desk, work.teacher, await hand_in(work, 'Sandy.'))
    await database.write(submissions.take_back, work.learner, work.checkpoint_id)
    handed = await hand_in(work, 'Sandy, over clay.')
    assert handed == read.submission_id

    with pytest.raises(Refused, match='took this work back and changed it'):
        await grade(work, handed, 40, seen=read.graded_at, seen_work=read.fingerprint)
    read = await database.read(desk.on_desk, work.teacher, handed)
    await grade(work, handed, 80, seen=read.graded_at, seen_work=read.fingerprint)
    assert (await listed(work))['Lena Learner'].grade == 80


async def test_work_is_late_no_more_once_more_time_was_agreed_on() -> None:
    now = clock.now()
    work = await an_assignment(due_at=now - timedelta(hours=2))
    handed = await hand_in(work)

    async def late() -> set[timedelta]:
        on_desk = await database.read(desk.on_desk, work.teacher, handed)
        return {(await seen_by(work)).tries[0].late, (await listed(work))['Lena Learner'].late, on_desk.late}

    (before,) = await late()
    assert before >= timedelta(hours=2)
    more = {'user_id': work.learner.user_id, 'due_at': now + timedelta(hours=1)}
    await database.write(rules.extend, work.teacher, work.checkpoint_id, **more)
    assert await late() == {timedelta(0)}
    await database.write(rules.extend, work.teacher, work.checkpoint_id, **(more | {'due_at': None}))
    assert await late() == {before}


async def test_work_that_came_in_time_is_not_late_by_an_earlier_date() -> None:
    work = await an_assignment(due_at=clock.now() + timedelta(hours=2))
    await hand_in(work)
    earlier = replace(DETAILS, due_at=clock.now() - timedelta(hours=2))
    await database.write(checkpoints.edit, work.teacher, work.checkpoint_id, earlier)
    assert (await seen_by(work)).tries[0].late == timedelta(0)


async def test_two_who_grade_at_once_do_not_overwrite_each_other() -> None:
    work = await an_assignment()
    handed = await hand_in(work)
    ben = await an_instructor(name='Ben', email='ben@example.org')
    await database.write(catalog.add_co_instructor, work.teacher, work.klass.course_id, email='ben@example.org')
    await database.write(grading.grade, ben, handed, grade=70)
    with pytest.raises(Refused, match='Ben has graded this meanwhile: 70'):
        await grade(work, handed, 20)
    seen = (await database.read(desk.on_desk, work.teacher, handed)).graded_at
    await grade(work, handed, 75, seen=seen)
    assert (await listed(work))['Lena Learner'].grade == 75
    with pytest.raises(Refused, match='Ines Instructor has graded this meanwhile: 75'):
        await grade(work, handed, 60, seen=seen)  # the same person, on another device
    await grade(work, handed, 75, seen=seen)  # the same again, after a lost receipt


@pytest.mark.parametrize('number', [-1, 101])
async def test_a_grade_is_between_0_and_100(number: int) -> None:
    work = await an_assignment()
    with pytest.raises(Invalid, match='from 0 to 100'):
        await grade(work, await hand_in(work), number)


async def test_nothing_is_returned_without_a_grade() -> None:
    work = await an_assignment()
    with pytest.raises(Invalid, match='before you return'):
        await grade(work, await hand_in(work), None, returns=True)


async def test_the_list_says_who_is_missing_and_the_desk_what_is_next() -> None:
    work = await an_assignment(learners=('Lena Learner', 'Otto Other', 'Mia Missing', 'Dora Draft'))
    lena, otto, _mia, dora = work.klass.learners
    first, second = await hand_in(work, by=otto), await hand_in(work, by=lena)
    await write(work, 'Not yet.', by=dora)
    lines = await listed(work)
    states = {name: line.state for name, line in lines.items()}
    assert states == {
        'Dora Draft': SubmissionState.DRAFT,
        'Lena Learner': SubmissionState.SUBMITTED,
        'Mia Missing': None,
        'Otto Other': SubmissionState.SUBMITTED,
    }
    assert (await database.read(desk.on_desk, work.teacher, first)).next_id == second
    assert (await database.read(desk.on_desk, work.teacher, second)).next_id == first
    await grade(work, second, 90)
    assert (await database.read(desk.on_desk, work.teacher, first)).next_id is None
    draft = lines['Dora Draft'].submission_id
    with pytest.raises(NotFound):
        await database.read(desk.on_desk, work.teacher, draft)


async def test_a_learner_who_was_removed_meanwhile_hands_in_nothing_more() -> None:
    work = await an_assignment()
    await write(work, 'Sandy.')
    ids = {'user_id': work.learner.user_id}
    await database.write(participants.remove, work.teacher, work.klass.course_id, **ids)
    with pytest.raises(Removed):
        await database.write(submissions.submit, work.learner, work.checkpoint_id)


async def test_in_an_archived_course_nothing_is_handed_in() -> None:
    work = await an_assignment()
    await database.write(catalog.archive, work.teacher, work.klass.course_id, archived=True)
    with pytest.raises(Gone):
        await database.write(submissions.save_text, work.learner, work.checkpoint_id, text='Sandy.')


async def test_a_teacher_looks_at_the_task_and_hands_in_nothing() -> None:
    work = await an_assignment()
    assert (await seen_by(work, work.teacher)).title == DETAILS.title
    with pytest.raises(NotEnrolled):
        await database.write(submissions.save_text, work.teacher, work.checkpoint_id, text='Sandy.')


@pytest.mark.parametrize(
    'wrong',
    [
        Rules(takes_text=False, most_files=0),
        Rules(most_files=-1),
        Rules(most_files=21),
        Rules(passing_percent=101),
        Rules(file_kinds=frozenset()),
    ],
)
async def test_rules_that_cannot_be_are_refused(wrong: Rules) -> None:
    work = await an_assignment()
    with pytest.raises(Invalid):
        await database.write(rules.set_rules, work.teacher, work.checkpoint_id, wrong)


async def test_rules_are_kept() -> None:
    work = await an_assignment(with_rules=Rules(takes_text=False, most_files=2, passing_percent=75, may_resubmit=True))
    shown = await database.read(rules.of_checkpoint, work.teacher, work.checkpoint_id)
    assert shown.rules == Rules(takes_text=False, most_files=2, passing_percent=75, may_resubmit=True)
    with pytest.raises(Refused, match='and no text'):
        await write(work, 'Sandy.')
    with pytest.raises(NotFound, match='not an assignment'):
        await database.read(rules.of_checkpoint, work.teacher, work.klass.checkpoints[0])


def pass_to(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, 'now', lambda: moment)


async def a_group_of(work: AssignmentAtHand, user_id: int) -> int:
    await database.write(groups.put, work.teacher, work.klass.course_id, user_id=user_id, name='Green')

    def look(tx: Transaction) -> int:
        return tx.session.exec(select(CourseGroup.id)).one()

    return await database.read(look)
