"""Who needs a look: stories of classes, told to the pure rules and to the watch that keeps the list calm."""

from datetime import UTC, datetime, timedelta

import pytest

from services.core.events import ClassChanged, Recorded
from services.enums import NameDisplay, Verb
from services.live.alerts import rules
from services.live.alerts.monitor import HELD, Known, Look, Watch
from services.live.alerts.rules import Concern, Facts, Reason, Thresholds
from services.live.board.board import Board, Place
from services.live.board.learner import LIVE, Learner
from services.live.board.views import Column, Names
from tests.support.work_time import work_of_at_most

pytestmark = [pytest.mark.req('L8')]

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def a_board(*done: int, checkpoints: int = 10, led_to: int | None = None, absent: int = 0) -> Board:
    """A class in which the learners 1, 2, 3 … have done so many checkpoints, and some who never joined."""
    board = Board(
        course_id=1,
        title='Soil',
        code='ABCDEF',
        code_open=True,
        places=tuple(
            Place(column=Column(checkpoint_id=number, number=number, title='Step'), checkpoints=())
            for number in range(1, checkpoints + 1)
        ),
        session=ClassChanged(
            course_id=1,
            session_id=7,
            started_at=NOON,
            ended_at=None,
            current_checkpoint_id=led_to,
            names=NameDisplay.ALIAS,
        ),
        learners={},
        version=0,
        shares=[0] * checkpoints,
        shown_shares=[0] * checkpoints,
        joined=len(done),
        taken={Names.ALIAS: set(), Names.FIRST_NAME: set()},
    )
    for user_id, count in enumerate([*done, *[0] * absent], start=1):
        cells = bytearray([LIVE] * count + [0] * (checkpoints - count))
        name = f'Learner {user_id}'
        board.learners[user_id] = Learner(
            user_id=user_id,
            name=name,
            cells=cells,
            done=count,
            joined=user_id <= len(done),
            shown_as={Names.TEACHER: name},
        )
    return board


def facts(**changes: object) -> Facts:
    values = {'now': NOON, 'heard': {}, 'behind_since': {}, 'thresholds': Thresholds()} | changes
    return Facts(**values)  # type: ignore[arg-type]


def reasons(board: Board, known: Facts) -> dict[int, Reason]:
    return {user_id: concern.reason for user_id, concern in rules.concerns(board, known)}


def told(found: list[tuple[int, Concern]]) -> list[tuple[int, Reason, str]]:
    return [(user_id, concern.reason, str(concern.words)) for user_id, concern in found]


def test_somebody_far_below_the_average_needs_a_look_and_the_words_say_why() -> None:
    found = rules.concerns(a_board(5, 5, 4, 1), facts())
    assert told(found) == [(4, Reason.BELOW, '1 done, the class 3.7 on average')]


@pytest.mark.parametrize(('percent', 'expected'), [(70, {}), (71, {2: Reason.BELOW})])
def test_below_means_below(percent: int, expected: dict[int, Reason]) -> None:
    board = a_board(13, 7, checkpoints=20)  # 10 on average
    assert reasons(board, facts(thresholds=Thresholds(percent=percent))) == expected


def test_at_the_very_beginning_nobody_is_below() -> None:
    assert reasons(a_board(1, 0, 0, 0), facts()) == {}
    assert reasons(a_board(2, 1, 1, 0), facts()) == {4: Reason.BELOW}


def test_who_never_joined_is_neither_listed_nor_counted() -> None:
    assert reasons(a_board(3, 3, absent=20), facts()) == {}


def test_an_empty_class_and_a_course_without_checkpoints_need_nothing() -> None:
    assert reasons(a_board(), facts()) == {}
    assert reasons(a_board(0, 0, checkpoints=0), facts()) == {}


def test_behind_the_median_matters_after_a_while() -> None:
    board = a_board(6, 6, 6, 5, 4)
    assert rules.behind(board, Thresholds()) == {5}
    assert reasons(board, facts(now=after(4.9), behind_since={5: NOON})) == {}

    assert told(rules.concerns(board, facts(now=after(6.5), behind_since={5: NOON}))) == [
        (5, Reason.BEHIND, '2 steps behind the middle of the class for 6 min')
    ]


def test_the_thresholds_of_the_course_are_what_counts() -> None:
    board = a_board(6, 6, 6, 5, 4)
    assert rules.behind(board, Thresholds(checkpoints=1)) == {4, 5}
    assert rules.behind(board, Thresholds(checkpoints=3)) == set()
    quick = Thresholds(minutes=1)
    assert reasons(board, facts(now=after(1), behind_since={5: NOON}, thresholds=quick)) == {5: Reason.BEHIND}


def test_silence_matters_while_the_rest_moves() -> None:
    board = a_board(2, 2, 2, 2)
    heard = {1: after(9), 2: after(8), 3: after(7), 4: after(1)}
    assert told(rules.concerns(board, facts(now=after(10), heard=heard))) == [
        (4, Reason.SILENT, 'nothing heard for 9 min')
    ]
    listening = {1: after(9), 2: after(1), 3: after(1), 4: after(1)}
    assert reasons(board, facts(now=after(10), heard=listening)) == {}, 'the class listens'


def test_who_is_done_is_not_silent() -> None:
    heard = {1: after(9), 2: after(9), 3: NOON}
    assert reasons(a_board(9, 9, 10), facts(now=after(10), heard=heard)) == {}
    led = a_board(2, 2, 3, led_to=3)
    assert reasons(led, facts(now=after(10), heard=heard)) == {}, 'waits for the class at the step after'
    assert reasons(a_board(2, 2, 2, led_to=3), facts(now=after(10), heard=heard)) == {3: Reason.SILENT}


def test_one_sentence_for_each_and_the_next_reason_once_one_is_dismissed() -> None:
    board = a_board(6, 6, 6, 1)
    known = {'now': after(10), 'behind_since': {4: NOON}, 'heard': {1: after(9), 2: after(9), 3: after(9), 4: NOON}}
    dismissed: set[tuple[int, Reason]] = set()
    seen = []
    while found := reasons(board, facts(dismissed=dismissed, **known)):
        seen.append(found[4])
        dismissed.add((4, found[4]))
    assert seen == [Reason.BEHIND, Reason.BELOW, Reason.SILENT]


def a_watch() -> Watch:
    return Watch(Known(session_id=7, thresholds=Thresholds(), heard={}, dismissed=set()))


def ids(looks: tuple[Look, ...]) -> list[int]:
    return [look.user_id for look in looks]


def test_nobody_flickers_in_or_out() -> None:
    watch = a_watch()
    low, fine = a_board(6, 6, 1), a_board(6, 6, 6)
    assert ids(watch.look(low, NOON)) == []
    assert ids(watch.look(fine, NOON + HELD / 2)) == []
    assert ids(watch.look(low, NOON + HELD)) == [], 'it begins anew'
    assert ids(watch.look(low, NOON + HELD * 2)) == [3]

    assert ids(watch.look(fine, NOON + HELD * 2.5)) == [3]
    assert ids(watch.look(low, NOON + HELD * 2.6)) == [3]
    assert ids(watch.look(fine, NOON + HELD * 3.5)) == [3]
    assert ids(watch.look(fine, NOON + HELD * 3.6)) == []


def test_the_order_stays_and_who_is_new_comes_last() -> None:
    watch = a_watch()
    for moment in 0, 1:
        looks = watch.look(a_board(6, 6, 6, 6, 1), NOON + HELD * moment)
    assert ids(looks) == [5]
    for moment in 2, 3:
        looks = watch.look(a_board(6, 6, 6, 1, 1), NOON + HELD * moment)
    assert ids(looks) == [5, 4]


def test_how_long_somebody_is_behind_is_counted_from_the_first_look() -> None:
    watch = a_watch()
    board = a_board(10, 10, 10, 8, checkpoints=20)
    for minute in range(5):
        assert ids(watch.look(board, after(minute))) == []
    watch.look(board, after(5))
    (look,) = watch.look(board, after(5.2))
    assert str(look.concern.words) == '2 steps behind the middle of the class for 5 min'


def test_a_pause_counts_for_nobody() -> None:
    watch = a_watch()
    watch.known.heard.update({1: after(4), 2: after(4), 3: after(1)})
    board = a_board(5, 5, 5)
    assert board.session
    paused = a_board(5, 5, 5)
    paused.session = ClassChanged(
        course_id=1,
        session_id=7,
        started_at=NOON,
        ended_at=None,
        current_checkpoint_id=None,
        paused_at=after(5),
        names=NameDisplay.ALIAS,
    )
    for minute in range(5, 30):
        assert watch.look(paused, after(minute)) == ()
    assert watch.look(board, after(29.9)) == ()
    assert watch.known.heard[3] == after(25)


def test_a_dismissal_takes_effect_at_once_and_an_activity_ends_the_silence() -> None:
    watch = a_watch()
    board = a_board(6, 6, 1)
    watch.look(board, NOON)
    assert ids(watch.look(board, NOON + HELD)) == [3]

    assert watch.follow(activity(Verb.ATTENTION_DISMISSED, user_id=99, about_id=3, words='below'))
    assert ids(watch.look(board, NOON + HELD)) == []

    assert not watch.follow(activity(Verb.STARTED, user_id=3))
    assert watch.known.heard == {3: NOON}


def test_what_belongs_to_another_class_is_not_heard() -> None:
    watch = a_watch()
    assert not watch.follow(activity(Verb.STARTED, user_id=3, session_id=6))
    assert not watch.follow(activity(Verb.ATTENTION_DISMISSED, user_id=99, about_id=3, words='below', session_id=6))
    assert watch.known.heard == {}
    assert watch.known.dismissed == set()


@pytest.mark.req('C7')
def test_who_has_extra_time_is_given_it_before_anybody_worries() -> None:
    usual, patient = a_watch(), a_watch()
    patient.known.extra[3] = 100
    for watch in (usual, patient):
        watch.known.heard.update({1: after(7), 2: after(7), 3: NOON})
    board = a_board(4, 4, 4)
    for minutes in (7, 8):
        told = [[look.user_id for look in watch.look(board, after(minutes))] for watch in (usual, patient)]

    assert told == [[3], []]


def test_a_class_that_has_ended_needs_nothing() -> None:
    watch = a_watch()
    board = a_board(6, 6, 1)
    watch.look(board, NOON)
    board.session = None
    assert watch.look(board, NOON + HELD) == ()


def test_a_pass_over_a_thousand_learners_takes_a_moment() -> None:
    watch = a_watch()
    board = a_board(*(number % 30 for number in range(1000)), checkpoints=30, led_to=20)
    watch.known.heard.update({user_id: after(user_id % 10) for user_id in board.learners})
    watch.look(board, after(10))
    with work_of_at_most(0.1):
        watch.look(board, after(11))


def activity(
    verb: Verb, *, user_id: int, about_id: int | None = None, words: str = '', session_id: int = 7
) -> Recorded:
    return Recorded(
        id=1,
        user_id=user_id,
        tap_id='t',
        verb=verb,
        course_id=1,
        checkpoint_id=None,
        session_id=session_id,
        mode=None,
        about_id=about_id,
        words=words,
        at=NOON,
        happened_at=NOON,
        local_date=NOON.date(),
    )
