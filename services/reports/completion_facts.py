"""What the log says of completions in a course, as facts that stay the same whatever is changed afterwards."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from models import Mode, Verb
from services.core.events import Recorded
from services.reports.completion_lines import Line

VERBS = (
    Verb.ENROLLED,
    Verb.STARTED,
    Verb.QUIZ_STARTED,
    Verb.COMPLETED,
    Verb.UNDONE,
    Verb.GRADED,
    Verb.REGRADED,
    Verb.MODULE_COMPLETED,
    Verb.COURSE_COMPLETED,
)
"""what the facts follow from"""
_STARTS = {Verb.ENROLLED, Verb.STARTED, Verb.QUIZ_STARTED}
_GRADES = {Verb.GRADED, Verb.REGRADED}

Subject = tuple[str, int]
"""(checkpoint, module or course; its id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One completion, or that it was taken back, and which attempt at a quiz it follows from."""

    line: Line
    user_id: int
    subject: Subject
    recorded_at: datetime
    assessor_id: int = 0
    attempt_id: int = 0


@dataclass(slots=True)
class _Seen:
    """What the log has said until here."""

    started: dict[tuple[int, Subject], datetime] = field(default_factory=dict)
    done: set[tuple[int, Subject, Mode | None]] = field(default_factory=set)
    grades: dict[tuple[int, Subject], Recorded] = field(default_factory=dict)


def facts(activities: Iterable[Recorded], pass_marks: dict[int, int]) -> Iterator[Fact]:
    """Yield what activities, oldest first, say of completions; `pass_marks` are those of attempts at quizzes."""
    seen = _Seen()
    for activity in activities:
        subject = _subject(activity)
        key = activity.user_id, subject
        if activity.verb in _STARTS:
            seen.started.setdefault(key, activity.happened_at)
        elif activity.verb in _GRADES:
            if not (activity.details or {}).get('practice'):
                seen.grades[key] = activity
        elif _is_news(seen, activity, subject):
            yield _fact(seen, activity, subject, pass_marks)
            seen.started.setdefault(key, activity.happened_at)


def moment(at: datetime | None) -> str:
    """Return a moment in UTC, to the second; empty for none."""
    return at.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ') if at else ''


def attempt_of(grade: Recorded | None) -> int:
    """Return the attempt at a quiz that a grade is for; 0 if it is for something else."""
    of_quiz = grade is not None and grade.tap_id.startswith('quiz:')
    return int((grade.details or {}).get('attempt', 0)) if grade and of_quiz else 0


def _subject(activity: Recorded) -> Subject:
    if activity.verb is Verb.MODULE_COMPLETED:
        return 'module', int((activity.details or {}).get('module', 0))
    if activity.checkpoint_id is None:
        return 'course', activity.of_course
    return 'checkpoint', activity.checkpoint_id


def _is_news(seen: _Seen, activity: Recorded, subject: Subject) -> bool:
    """Note whether it is complete now; returns whether it was not before: completing again changes nothing."""
    key = activity.user_id, subject, activity.mode
    was_done = key in seen.done
    if activity.verb is Verb.UNDONE:
        seen.done.discard(key)
        return was_done
    seen.done.add(key)
    return not was_done


def _fact(seen: _Seen, activity: Recorded, subject: Subject, pass_marks: dict[int, int]) -> Fact:
    is_back = activity.verb is Verb.UNDONE
    grade = None if is_back else seen.grades.get((activity.user_id, subject))
    by = int((activity.details or {}).get('by', 0) or (grade and (grade.details or {}).get('by', 0)) or 0)
    attempt_id = attempt_of(grade)
    line = {
        'record': 'taken back' if is_back else 'completed',
        'day': activity.at.astimezone(UTC).date().isoformat(),
        'number': str(activity.id),
        'course_id': str(activity.of_course),
        'user_id': str(activity.user_id),
        'subject': subject[0],
        'subject_id': str(subject[1]),
        'mode': activity.mode.value if activity.mode else '',
        'started_at': moment(seen.started.get((activity.user_id, subject))),
        'completed_at': '' if is_back else moment(activity.happened_at),
        'recorded_at': moment(activity.at),
        'local_date': activity.local_date.isoformat(),
        'local_hour': str(activity.local_hour),
        'evidence': _evidence(activity, is_back=is_back),
        'score': '' if grade is None or grade.score is None else str(grade.score),
        'pass_mark': _pass_mark(grade, pass_marks.get(attempt_id)),
        'assessor_id': str(by or ''),
    }
    return Fact(
        line=line,
        user_id=activity.user_id,
        subject=subject,
        recorded_at=activity.at,
        assessor_id=by,
        attempt_id=attempt_id,
    )


def _evidence(activity: Recorded, *, is_back: bool) -> str:
    """Return how it is known; ids with a colon are of Waymark alone, no program can send one."""
    if activity.verb in {Verb.MODULE_COMPLETED, Verb.COURSE_COMPLETED}:
        return 'all steps'
    why, is_ours, _ = activity.tap_id.partition(':')
    if is_ours and why in {'passed', 'handed in', 'seen'}:
        return why
    if activity.is_by_another:
        return 'word of a teacher'
    return '' if is_back else 'own word'


def _pass_mark(grade: Recorded | None, of_attempt: int | None) -> str:
    if grade is None:
        return ''
    told = (grade.details or {}).get('pass')
    known = of_attempt if told is None else told
    return '' if known is None else str(known)
