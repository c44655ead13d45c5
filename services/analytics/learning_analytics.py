"""Everything that s2 calls LearningAnalytics: one document about one learner in one course, for any span of days.

Times are in minutes. What is not known, or would be a guess, is null; docs/learning-analytics.md says what each field
means and where it comes from.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean, median

from models import CheckpointKind, RiskBand, Verb
from services import access
from services.access import Actor
from services.analytics import comparison, educator, learner, learner_facts, prediction
from services.analytics import span_queries as queries
from services.analytics.choices import COMPARE
from services.analytics.course_facts import monday
from services.analytics.learner_facts import LearnerFacts
from services.analytics.learning_document import (
    Achievements,
    ComparisonMetrics,
    ContentPreferences,
    DayMinutes,
    EngagementMetrics,
    InteractionMetrics,
    LearningAnalytics,
    LearningPatterns,
    Often,
    PeerComparison,
    PerformanceMetrics,
    Period,
    StudyPatterns,
    TimeMetrics,
)
from services.analytics.span_queries import Evidence
from services.core.errors import Invalid
from services.core.transaction import Transaction

FEWEST_SESSIONS = 5
FULL_WEEK = 3
"""active days in a week that are full participation"""
FAST, SLOW = 0.8, 1.25
"""median time against plan, below and above which the pace is called so"""
LESSONS = (CheckpointKind.MARKER, CheckpointKind.VIDEO)
RECENT = 5
MOST_COURSES = 5
"""documents in one answer"""


def of_learner(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    user_id: int,
    period: Period = Period.WEEKLY,
    since: date | None = None,
    until: date | None = None,
) -> LearningAnalytics:
    """Return the document for a span: that of a period up to `until` (today), or a custom one from `since` on."""
    actor = access.signed_in(tx, actor)
    facts = _read(tx, actor, course_id, user_id, period, since, until)
    length = facts.until - facts.since + timedelta(days=1)
    before = learner_facts.in_span(tx, facts, facts.since - length, facts.until - length)
    if actor.user_id != user_id:
        access.note_look(tx, actor, 'learning analytics', course=course_id, about=user_id)
    found = queries.evidence(tx, facts, is_own=actor.user_id == user_id)
    predicted = prediction.of_learner(tx, actor, course_id, user_id)
    return LearningAnalytics(
        student_id=user_id,
        course_id=course_id,
        period_type=period,
        start_date=facts.since,
        end_date=facts.until,
        time_metrics=time_metrics(facts),
        performance_metrics=performance(facts, found),
        engagement_metrics=engagement(facts, before, found, predicted.band),
        learning_patterns=patterns(facts, found),
        comparison_metrics=_comparison(tx, actor, facts, before),
        predictions=predicted,
        achievements=achievements(facts, found),
    )


def of_courses(
    tx: Transaction,
    actor: Actor | None,
    user_id: int,
    *,
    course_id: int | None = None,
    period: Period = Period.WEEKLY,
    since: date | None = None,
    until: date | None = None,
) -> tuple[LearningAnalytics, ...]:
    """Return the documents of the newest courses of a learner that concern the actor, or that of one course."""
    courses = access.learning(tx, actor, user_id)[-MOST_COURSES:][::-1] if course_id is None else [course_id]
    return tuple(
        of_learner(tx, actor, id_, user_id=user_id, period=period, since=since, until=until) for id_ in courses
    )


def _read(
    tx: Transaction,
    actor: Actor,
    course_id: int,
    user_id: int,
    period: Period,
    since: date | None,
    until: date | None,
) -> LearnerFacts:
    days = {Period.DAILY: 1, Period.WEEKLY: 7, Period.MONTHLY: 30}.get(period)
    if days is None and since is None:
        raise Invalid('Say from which day on.', field='start_date')
    length, since = (timedelta(days=days), None) if days else (None, since)
    return learner_facts.read(tx, actor, course_id, user_id=user_id, since=since, until=until, length=length)


def time_metrics(facts: LearnerFacts) -> TimeMetrics:
    """Return where the time of the span went."""
    at, in_class = facts.studied_in_span, sum(stay.seconds for stay in facts.classes)
    return TimeMetrics(
        total_time=_minutes(learner.total_seconds(facts)),
        lesson_time=_minutes(sum(at.get(kind, 0) for kind in LESSONS) + in_class),
        quiz_time=_minutes(at.get(CheckpointKind.QUIZ, 0)),
        assignment_time=_minutes(at.get(CheckpointKind.ASSIGNMENT, 0)),
        resource_time=_minutes(at.get(CheckpointKind.DOCUMENT, 0)),
        idle_time=_minutes(sum(each.idle_seconds for each in facts.sessions)),
        time_by_day=tuple(
            DayMinutes(date=day.day, minutes=_minutes(day.study_seconds + day.class_seconds))
            for day in learner.timeline(facts)
        ),
        peak_hours={part: _minutes(seconds) for part, seconds in learner.time_of_day(facts).items()},
    )


def performance(facts: LearnerFacts, found: Evidence) -> PerformanceMetrics:
    """Return how well it went."""
    tags = learner.tags(facts)
    mark = facts.course.mastery_percent
    return PerformanceMetrics(
        quiz_average=_mean(found.quiz_scores),
        quiz_improvement=_improvement(found.quiz_scores),
        assignment_average=_mean(found.assignment_grades),
        completion_rate=facts.learner.percent,
        mastery_level=sum(score >= mark for score in facts.scores.values()) * 100 // len(facts.scores)
        if facts.scores
        else None,
        strengths=tuple(each.tag for each in tags if each.is_strong),
        weaknesses=tuple(each.tag for each in tags if each.is_weak),
        grade_distribution=educator.bands((*found.quiz_scores, *found.assignment_grades)),
    )


def engagement(facts: LearnerFacts, before: LearnerFacts, found: Evidence, band: RiskBand | None) -> EngagementMetrics:
    """Return how much the learner took part."""
    sessions = len(facts.sessions)
    active, weeks = len(learner.active_days(facts)), max(1.0, ((facts.until - facts.since).days + 1) / 7)
    study = sum(each.active_seconds for each in facts.sessions)
    deeds = sum(total.count for total in facts.totals if total.is_deed)
    return EngagementMetrics(
        login_count=found.sign_ins,
        session_count=sessions,
        avg_session_length=_minutes(study / sessions) if sessions else None,
        participation_score=min(100, round(100 * active / (FULL_WEEK * weeks))),
        interaction_metrics=InteractionMetrics(
            clicks_per_session=round(deeds / sessions, 1) if sessions else None,
            pages_per_session=round(fmean(each.pages_viewed for each in facts.sessions), 1) if sessions else None,
            videos_watched=sum(each.videos_watched for each in facts.sessions),
            resources_downloaded=found.downloads,
            questions_asked=sum(total.count for total in facts.totals if total.verb is Verb.HELP_ASKED),
        ),
        engagement_trend=learner.trend(active, len(learner.active_days(before))),
        risk_level=band,
    )


def patterns(facts: LearnerFacts, found: Evidence) -> LearningPatterns:
    """Return how the learner works, as far as the span says."""
    shares = _shares(facts)
    lengths = [each.active_seconds / 60 for each in facts.sessions if each.active_seconds]
    return LearningPatterns(
        preferred_content_type=max(shares, key=lambda kind: shares[kind]) if shares else None,
        learning_pace=pace(facts),
        optimal_session_length=round(median(lengths)) if len(lengths) >= FEWEST_SESSIONS else None,
        content_preferences=ContentPreferences(
            video_preference=shares.get('video'),
            text_preference=shares.get('text'),
            interactive_preference=shares.get('interactive'),
        ),
        study_patterns=StudyPatterns(
            consistent_schedule=is_regular(facts),
            cramming_detected=is_cramming(facts),
            review_frequency=_how_often(found.reviews, len(facts.sessions)),
        ),
    )


def pace(facts: LearnerFacts) -> str | None:
    """Return whether the learner is fast, moderate or slow against the plan; None for fewer than three checkpoints."""
    known = [
        facts.seconds_at(checkpoint) / (60 * checkpoint.minutes)
        for checkpoint in facts.checkpoints
        if checkpoint.minutes and facts.is_done(checkpoint) and facts.seconds_at(checkpoint)
    ]
    if len(known) < 3:
        return None
    usual = median(known)
    return 'fast' if usual < FAST else 'slow' if usual > SLOW else 'moderate'


def is_regular(facts: LearnerFacts) -> bool | None:
    """Tell whether there were at least two active days in each whole week of the span; None if it has no whole week."""
    weeks = Counter(monday(day) for day in learner.active_days(facts))
    first = facts.since + timedelta(days=-facts.since.weekday() % 7)
    mondays = [first + timedelta(weeks=number) for number in range(((facts.until - first).days + 1) // 7)]
    return all(weeks[each] >= 2 for each in mondays) if mondays else None


def is_cramming(facts: LearnerFacts) -> bool:
    """Tell whether more than half of the checkpoints with a due date in the span were done on their last day; from 3
    on.
    """
    ahead = [
        due_at - standing.completed_at
        for checkpoint in facts.checkpoints
        if (due_at := facts.learner.due(checkpoint))
        and facts.since <= due_at.astimezone(facts.zone).date() <= facts.until
        if (standing := facts.standings.get(checkpoint.checkpoint_id)) and standing.completed_at
    ]
    late = sum(timedelta(0) <= each <= timedelta(days=1) for each in ahead)
    return len(ahead) >= 3 and late * 2 > len(ahead)


def achievements(facts: LearnerFacts, found: Evidence) -> Achievements:
    """Return what the learner has reached: checkpoints mastered, modules and the course completed."""
    weeks = ((facts.until - facts.since).days + 1) / 7
    in_span = sum(facts.since <= at.astimezone(facts.zone).date() <= facts.until for at, _ in found.earned)
    return Achievements(
        total_earned=len(found.earned),
        recent_achievements=tuple(said for _, said in found.earned[:RECENT]),
        next_achievement=found.next_module,
        achievement_velocity=round(in_span / weeks, 1),
    )


def _comparison(tx: Transaction, actor: Actor, facts: LearnerFacts, before: LearnerFacts) -> ComparisonMetrics:
    wants = actor.user_id != facts.learner.user_id or COMPARE in facts.choices
    beside = comparison.of_learner(tx, facts) if wants else None
    now, then = learner.total_seconds(facts), learner.total_seconds(before)
    best = max((week.active_seconds for week in learner.weeks(facts)), default=0)
    last = learner.weeks(facts)[-1].active_seconds
    return ComparisonMetrics(
        vs_class_average=beside.own_percent - beside.others_percent
        if beside and beside.others_percent is not None
        else None,
        vs_previous_period=round(100 * (now - then) / then) if then else None,
        percentile_rank=beside.ahead_of if beside else None,
        vs_personal_best=round(100 * last / best) if best else None,
        peer_comparison=PeerComparison(
            ahead_of_peers=beside.ahead_of, similar_to_peers=beside.similar_to, behind_peers=beside.behind
        )
        if beside
        else None,
    )


def _shares(facts: LearnerFacts) -> dict[str, int]:
    """Return the share of the study time at videos, texts, and what is answered or done, in percent."""
    at = facts.studied_in_span
    seconds = {
        'video': at.get(CheckpointKind.VIDEO, 0),
        'text': at.get(CheckpointKind.DOCUMENT, 0),
        'interactive': sum(
            at.get(kind, 0) for kind in (CheckpointKind.MARKER, CheckpointKind.QUIZ, CheckpointKind.ASSIGNMENT)
        ),
    }
    whole = sum(seconds.values())
    return {kind: round(100 * its / whole) for kind, its in seconds.items()} if whole else {}


def _how_often(reviews: int, sessions: int) -> Often:
    if not reviews:
        return Often.NEVER
    return Often.OFTEN if reviews * 4 >= sessions else Often.RARELY


def _improvement(scores: Sequence[int]) -> float | None:
    """Return by how much the later half of the scores is better than the earlier one; None for fewer than four."""
    if len(scores) < 4:
        return None
    half = len(scores) // 2
    return round(fmean(scores[-half:]) - fmean(scores[:half]), 1)


def _mean(scores: Sequence[int]) -> float | None:
    return round(fmean(scores), 1) if scores else None


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 1)
