"""Two scripted weeks of one learner, and each field of the document about the second one, worked out by hand."""

from datetime import timedelta

import pytest
import time_machine

from models import CheckpointKind, DayPart
from services.access import Actor
from services.activity.following import Running
from services.analytics import choices, daily_totals, learning_analytics
from services.analytics.k_rule import Rough
from services.analytics.learner import Trend
from services.analytics.learning_document import (
    Achievements,
    ComparisonMetrics,
    EngagementMetrics,
    LearningAnalytics,
    LearningPatterns,
    Often,
    PeerComparison,
    PerformanceMetrics,
    Period,
    TimeMetrics,
)
from services.analytics.prediction.silence import Silence
from services.assignments import grading
from services.content import documents
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.live import sessions
from services.live.help import queue
from services.people import joining
from tests.factories.assignments import an_assignment, hand_in
from tests.factories.classes import ClassAtHand, a_class, join_class, mark
from tests.factories.documents import a_pdf
from tests.factories.people import a_student, another_device
from tests.factories.quizzes import RIGHT, WRONG, QuizAtHand, a_quiz, take
from tests.factories.study import a_morning, arrive, beat, leave
from tests.factories.videos import a_video

pytestmark = [pytest.mark.req('N3'), pytest.mark.usefixtures('db'), pytest.mark.both_databases]

TOMORROW = a_morning()
MONDAY = TOMORROW + timedelta(days=(7 - TOMORROW.weekday()) % 7)
SECOND = MONDAY + timedelta(days=7)
OTHERS = 'Ada', 'Ben', 'Cleo', 'Dora', 'Emil'
QUIZ, ASSIGNMENT = CheckpointKind.QUIZ, CheckpointKind.ASSIGNMENT


async def test_each_field_of_the_second_of_two_weeks() -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        klass, lena = await a_course_of_eight_steps()
        await the_first_week(klass, lena, clock)
        await the_second_week(klass, lena, clock)
        found = await asked(klass, lena)
        shorter = await asked(klass, lena, days=6)

    assert (found.student_id, found.course_id, found.period_type) == (lena.user_id, klass.course_id, Period.CUSTOM)
    assert (found.start_date, found.end_date) == (SECOND.date(), SECOND.date() + timedelta(days=6))
    check_times(found.time_metrics)
    check_performance(found.performance_metrics)
    check_engagement(found.engagement_metrics)
    check_patterns(found.learning_patterns)
    check_comparison(found.comparison_metrics)
    check_achievements(found.achievements)
    assert shorter.learning_patterns.study_patterns.consistent_schedule is None, 'no whole week says nothing of weeks'
    assert (found.predictions.band, found.predictions.silence) == (None, Silence.NOT_YET)


def check_times(times: TimeMetrics) -> None:
    assert (times.total_time, times.lesson_time, times.quiz_time) == (90, 70, 10)
    assert (times.assignment_time, times.resource_time, times.idle_time) == (5, 5, 0)
    assert [(day.date, day.minutes) for day in times.time_by_day] == [
        (SECOND.date(), 20),
        (SECOND.date() + timedelta(days=2), 45),
        (SECOND.date() + timedelta(days=3), 25),
    ]
    assert times.peak_hours == {DayPart.NIGHT: 0, DayPart.MORNING: 90, DayPart.AFTERNOON: 0, DayPart.EVENING: 0}


def check_performance(performance: PerformanceMetrics) -> None:
    assert performance.quiz_average == 40, '0, 0, 100, 100 and 0'
    assert performance.quiz_improvement == 50, '100 and 0 after 0 and 0'
    assert performance.assignment_average == 85
    assert performance.completion_rate == 62, '5 of 8 steps'
    assert performance.mastery_level == 66, 'the assignment and one of two quizzes'
    assert performance.strengths == ('soil',), '100 and 85'
    assert performance.weaknesses == ('water',), '0 and 85'
    assert performance.grade_distribution == {'A': 2, 'B': 1, 'C': 0, 'D': 0, 'F': 3}


def check_engagement(engagement: EngagementMetrics) -> None:
    assert (engagement.login_count, engagement.session_count) == (2, 8)
    assert engagement.avg_session_length == 11.2, '90 minutes in 8 sessions'
    assert engagement.participation_score == 100, 'three days in one week'
    assert engagement.engagement_trend is Trend.INCREASING, 'one day in the week before'
    assert engagement.risk_level is None
    its = engagement.interaction_metrics
    clicks = 8 + 5 + 5  # sessions, steps that began and were completed
    clicks += 5 * (1 + 3 + 1) + 1  # attempts with three answers each, one assignment
    assert its.clicks_per_session == round((clicks + 2) / 8, 1), 'and the class joined, and help asked for'
    assert (its.pages_per_session, its.videos_watched) == (1, 1)
    assert (its.resources_downloaded, its.questions_asked, its.forum_posts) == (1, 1, None)


def check_patterns(patterns: LearningPatterns) -> None:
    assert patterns.preferred_content_type == 'interactive'
    assert patterns.learning_pace == 'slow', '35, 20 and 10 minutes for 10'
    assert patterns.optimal_session_length == 10, '5, 5, 5, 10, 10, 15, 20, 20'
    preferences = patterns.content_preferences
    assert (preferences.video_preference, preferences.text_preference) == (17, 6), '15 and 5 of 90'
    assert (preferences.interactive_preference, preferences.audio_preference) == (78, None)
    assert patterns.preferred_difficulty is None
    habits = patterns.study_patterns
    assert habits.consistent_schedule is True, 'three days in the one whole week, from Monday to Sunday'
    assert habits.cramming_detected, 'two of three steps on the day on which they were due'
    assert habits.review_frequency is Often.RARELY, 'one session of eight'


def check_comparison(comparison: ComparisonMetrics) -> None:
    assert comparison.vs_class_average == 62 - 4, 'two of five others have 12 %'
    assert comparison.vs_previous_period == 800, '90 minutes after 10'
    assert comparison.vs_personal_best == 100
    assert comparison.percentile_rank is Rough.MOST
    assert comparison.peer_comparison == PeerComparison(
        ahead_of_peers=Rough.MOST, similar_to_peers=Rough.FEW, behind_peers=Rough.FEW
    )


def check_achievements(achievements: Achievements) -> None:
    assert achievements.total_earned == 2
    assert [str(each) for each in achievements.recent_achievements] == ['“Report” mastered', '“About soil” mastered']
    assert str(achievements.next_achievement) == 'module “Module 1” completed'
    assert achievements.achievement_velocity == 2, 'in one week'


async def a_course_of_eight_steps() -> tuple[ClassAtHand, Actor]:
    """Three markers that are planned with ten minutes and due, a video and a booklet; the tests come later."""
    klass = await a_class(checkpoints=5, learners=OTHERS)
    lena = await a_student(name='Lena')
    await database.write(joining.join, lena, code=klass.code)
    for checkpoint, due in zip(klass.checkpoints[:3], (0, 2, 6), strict=True):
        details = Details(title=f'Step {due}', estimated_minutes=10, due_at=SECOND + timedelta(days=due, hours=9))
        await database.write(checkpoints.edit, klass.teacher, checkpoint, details=details)
    await a_video(klass, klass.checkpoints[3])
    await a_pdf(klass, klass.checkpoints[4])
    return klass, lena


async def the_first_week(klass: ClassAtHand, lena: Actor, clock: time_machine.Traveller) -> None:
    """Lena studies for ten minutes, and two of the others complete a step."""
    await study(klass, lena, klass.checkpoints[0], 10, clock)
    for other in klass.learners[:2]:
        await mark(klass.checkpoints[0], by=other)


async def the_second_week(klass: ClassAtHand, lena: Actor, clock: time_machine.Traveller) -> None:
    """On Monday, Wednesday and Thursday, eight sessions of 90 minutes, of which the last is at a step that is done."""
    one, two, three, video, booklet = klass.checkpoints
    soil, water = await tagged(klass, 'soil'), await tagged(klass, 'water')
    work = await an_assignment(klass=klass)
    details = Details(title='Report', kind=ASSIGNMENT, tags=('soil', 'water'))
    await database.write(checkpoints.edit, klass.teacher, work.checkpoint_id, details=details)

    clock.move_to(SECOND)
    await study(klass, lena, one, 20, clock)
    await mark(one, by=lena)
    clock.move_to(SECOND + timedelta(days=2))
    lena = await another_device(of=lena)
    await study(klass, lena, two, 20, clock)
    await mark(two, by=lena)
    await study(klass, lena, three, 10, clock)
    await mark(three, by=lena)
    await study(klass, lena, soil.checkpoint_id, 10, clock)
    for answers in (WRONG, WRONG, RIGHT, RIGHT):
        await take(soil, answers, by=lena)
    await take(water, WRONG, by=lena)
    await study(klass, lena, work.checkpoint_id, 5, clock)
    handed = await hand_in(work, by=lena)
    await database.write(grading.grade, klass.teacher, handed, grade=85, returns=True)
    clock.move_to(SECOND + timedelta(days=3))
    await study(klass, lena, video, 15, clock, plays=True)
    await study(klass, lena, booklet, 5, clock)
    await database.write(documents.count_download, lena, booklet)
    await study(klass, lena, one, 5, clock)
    await join_class(klass, by=lena)
    await database.write(queue.ask, lena, klass.session_id, video)
    await database.write(sessions.end, klass.teacher, klass.session_id)
    clock.move_to(SECOND + timedelta(days=6))


async def tagged(klass: ClassAtHand, tag: str) -> QuizAtHand:
    """Return a quiz with a tag."""
    quiz = await a_quiz(klass=klass, title=f'About {tag}')
    details = Details(title=f'About {tag}', kind=QUIZ, tags=(tag,))
    await database.write(checkpoints.edit, klass.teacher, quiz.checkpoint_id, details=details)
    return quiz


async def study(
    klass: ClassAtHand,
    lena: Actor,
    checkpoint: int,
    minutes: int,
    clock: time_machine.Traveller,
    *,
    plays: bool = False,
) -> None:
    """Have one session at one checkpoint."""
    await arrive(lena, checkpoint)
    for _ in range(minutes):
        clock.shift(60)
        await beat(lena, checkpoint, plays=plays)
    await leave(lena, klass.course_id)


async def asked(klass: ClassAtHand, lena: Actor, *, days: int = 7) -> LearningAnalytics:
    """Return the document of some days that Lena asks for, who wants to be compared."""
    lena = await another_device(of=lena)
    await Running(daily_totals.FOLLOWER).catch_up()
    await database.write(choices.choose, lena, klass.course_id, key=choices.COMPARE, chosen=True)
    span = {'since': SECOND.date(), 'until': SECOND.date() + timedelta(days=days - 1)}
    return await database.read(
        learning_analytics.of_learner, lena, klass.course_id, user_id=lena.user_id, period=Period.CUSTOM, **span
    )
