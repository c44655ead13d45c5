"""What else the document about a learner needs of a span: scores, sign-ins, reviews, and what was reached so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, distinct, func, select

from models import (
    Attempt,
    ContentPosition,
    DailyTotal,
    LearningSession,
    Mastery,
    Module,
    ModuleCompletion,
    Progress,
    StudyTime,
    Submission,
    SubmissionState,
    Verb,
    table,
)
from services.analytics.learner_facts import LearnerFacts
from services.core import zones
from services.core.phrases import Phrase, phrase
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.grades import sources
from services.study import times


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known besides the facts of a learner."""

    quiz_scores: tuple[int, ...]
    """of the attempts that were submitted in the span, the oldest first"""
    assignment_grades: tuple[int, ...]
    """of what was returned in the span"""
    sign_ins: int
    downloads: int
    """so far"""
    reviews: int
    """learning sessions in the span at a checkpoint that was done already"""
    earned: tuple[tuple[datetime, Phrase], ...]
    """what was reached so far, the newest first"""
    next_module: Phrase | None


def evidence(tx: Transaction, facts: LearnerFacts, *, is_own: bool) -> Evidence:
    """Read it; scores that the learner may not see yet are left out where they ask (`is_own`)."""
    user_id, course_id = facts.learner.user_id, facts.course.id
    hidden = sources.hidden(tx, course_id, user_id) if is_own else set()
    span: Mapping[str, object] = {
        'people': times.same_person(tx, user_id),
        'course': course_id,
        'since': zones.start_of_day(facts.zone, facts.since),
        'until': zones.start_of_day(facts.zone, facts.until + timedelta(days=1)),
    }
    days = {'user': user_id, 'since': facts.since, 'until': facts.until}
    return Evidence(
        quiz_scores=tuple(
            score for checkpoint_id, score in _SCORES.rows(tx.connection, **span) if checkpoint_id not in hidden
        ),
        assignment_grades=tuple(grade for (grade,) in _GRADES.rows(tx.connection, **span)),
        sign_ins=int(_SIGN_INS.rows(tx.connection, **days)[0][0] or 0),
        downloads=int(_DOWNLOADS.rows(tx.connection, people=span['people'], course=course_id)[0][0] or 0),
        reviews=int(_REVIEWS.rows(tx.connection, **span, user=user_id)[0][0] or 0),
        earned=_earned(tx, facts),
        next_module=_next_module(facts),
    )


def _earned(tx: Transaction, facts: LearnerFacts) -> tuple[tuple[datetime, Phrase], ...]:
    ids = {'user': facts.learner.user_id, 'course': facts.course.id}
    titles = {checkpoint.checkpoint_id: checkpoint.title for checkpoint in facts.checkpoints}
    found = [
        (at, phrase('“{step}” mastered', step=titles[checkpoint_id]))
        for checkpoint_id, at in _MASTERED.rows(tx.connection, **ids)
        if checkpoint_id in titles and checkpoint_id in facts.scores
    ]
    found += [
        (at, phrase('module “{module}” completed', module=title)) for title, at in _MODULES.rows(tx.connection, **ids)
    ]
    if facts.learner.completed_at:
        found.append((facts.learner.completed_at, phrase('course “{course}” completed', course=facts.course.title)))
    return tuple(sorted(found, key=lambda each: each[0], reverse=True))


def _next_module(facts: LearnerFacts) -> Phrase | None:
    """Return the module that is the first one with open checkpoints, as what is reached next."""
    for checkpoint in facts.checkpoints:
        if not facts.is_done(checkpoint):
            return phrase('module “{module}” completed', module=checkpoint.module)
    return None


_attempts, _submissions, _totals = table(Attempt), table(Submission), table(DailyTotal)
_positions, _sessions, _times = table(ContentPosition), table(LearningSession), table(StudyTime)
_progress, _mastery, _done, _modules = table(Progress), table(Mastery), table(ModuleCompletion), table(Module)
_MOMENT, _DAY = _sessions.c.started_at.type, _totals.c.local_date.type
_SINCE, _UNTIL = bindparam('since', type_=_MOMENT), bindparam('until', type_=_MOMENT)

_SCORES = Prepared(
    select(_attempts.c.checkpoint_id, _attempts.c.score)
    .where(
        among(_attempts.c.user_id, 'people'),
        _attempts.c.course_id + 0 == bindparam('course'),
        ~_attempts.c.is_practice,
        _attempts.c.score.is_not(None),
        _attempts.c.submitted_at >= _SINCE,
        _attempts.c.submitted_at < _UNTIL,
    )
    .order_by(_attempts.c.submitted_at)
)
_GRADES = Prepared(
    select(_submissions.c.grade)
    .where(
        among(_submissions.c.user_id, 'people'),
        _submissions.c.course_id + 0 == bindparam('course'),
        _submissions.c.state == SubmissionState.RETURNED,
        _submissions.c.grade.is_not(None),
        _submissions.c.returned_at >= _SINCE,
        _submissions.c.returned_at < _UNTIL,
    )
    .order_by(_submissions.c.returned_at)
)
_SIGN_INS = Prepared(
    select(func.sum(_totals.c.count)).where(
        _totals.c.user_id == bindparam('user'),
        _totals.c.local_date >= bindparam('since', type_=_DAY),
        _totals.c.local_date <= bindparam('until', type_=_DAY),
        _totals.c.course_id == 0,
        _totals.c.verb == Verb.SIGNED_IN,
    )
)
_DOWNLOADS = Prepared(
    select(func.sum(_positions.c.downloads)).where(
        among(_positions.c.user_id, 'people'), _positions.c.course_id == bindparam('course')
    )
)
_REVIEWS = Prepared(
    select(func.count(distinct(_sessions.c.id)))
    .select_from(_sessions)
    .join(_times, _times.c.session_id == _sessions.c.id)
    .join(_progress, _progress.c.checkpoint_id == _times.c.checkpoint_id)
    .where(
        among(_sessions.c.user_id, 'people'),
        _sessions.c.course_id + 0 == bindparam('course'),
        _sessions.c.started_at >= _SINCE,
        _sessions.c.started_at < _UNTIL,
        _progress.c.user_id == bindparam('user'),
        _progress.c.completed_at < _sessions.c.started_at,
    )
)
_MASTERED = Prepared(
    select(_mastery.c.checkpoint_id, _mastery.c.mastered_at).where(
        _mastery.c.user_id == bindparam('user'),
        _mastery.c.course_id == bindparam('course'),
        _mastery.c.mastered_at.is_not(None),
    )
)
_MODULES = Prepared(
    select(_modules.c.title, _done.c.completed_at)
    .join(_modules, _modules.c.id == _done.c.module_id)
    .where(_done.c.user_id == bindparam('user'), _done.c.course_id == bindparam('course'))
)
