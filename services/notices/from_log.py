"""Which activities somebody is notified of, and in which words.

What people see happen on their own screen is no notice: a quiz that is graded by itself, help that is not needed now.
What is graded and returned together has one key, so that it is one notice.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from models import Checkpoint, CheckpointKind, Course, Enrollment, Module, NoticeKind, Quiz, Verb, table
from services.core.events import Recorded
from services.core.phrases import Phrase, phrase
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.motivation import made_badges
from services.notices.drafts import Draft, moment_key
from services.notices.writing import staff_of
from services.quizzes import revealing

HELP_MATTERS_FOR = timedelta(minutes=30)
"""after which nobody needs to hear that somebody asked for help in a class"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCheckpoint:
    """A checkpoint that is there."""

    title: str
    kind: CheckpointKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What has to be known of some activities to speak of them."""

    courses: Mapping[int, str]
    """titles"""
    checkpoints: Mapping[int, KnownCheckpoint]
    modules: Mapping[int, str]
    staff: Mapping[int, Sequence[int]]
    """course → who teaches it"""
    completed: AbstractSet[tuple[int, int]]
    """(course, learner), where the whole course is completed"""


def drafts(tx: Transaction, activities: Sequence[Recorded]) -> list[Draft]:
    """Return the notices of some activities, oldest first."""
    concerned = [each for each in activities if each.verb in _RULES and each.course_id is not None]
    if not concerned:
        return []
    known = _known(tx, concerned)
    return [draft for each in concerned for draft in _RULES[each.verb](tx, each, known)]


def _module_completed(_: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    module_id = int((activity.details or {}).get('module', 0))
    if module_id not in known.modules or (activity.of_course, activity.user_id) in known.completed:
        return []  # with the last module the course is completed, which is another notice
    title = phrase('You have completed the module “{module}”.', module=known.modules[module_id])
    return [_for_learner(activity, known, NoticeKind.MODULE_COMPLETED, f'module:{module_id}', title)]


def _course_completed(_: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    course = known.courses[activity.of_course]
    title = phrase('Congratulations! You have completed “{course}”.', course=course)
    return [_for_learner(activity, known, NoticeKind.COURSE_COMPLETED, f'course:{activity.course_id}', title)]


def _badge_earned(tx: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    badge_id = int((activity.details or {}).get('badge', 0))
    badge = made_badges.one(tx, badge_id)
    if not badge:
        return []
    title = phrase('You have earned the badge “{badge}”.', badge=badge.name)
    return [_for_learner(activity, known, NoticeKind.ACHIEVEMENT, f'badge:{badge_id}', title, address='/goals')]


def _help_resolved(_: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    learner_id, checkpoint = activity.about_id, known.checkpoints.get(activity.checkpoint_id or 0)
    helper_id = (activity.details or {}).get('helper')
    if checkpoint is None or learner_id is None or not helper_id or learner_id in (helper_id, activity.user_id):
        return []
    return [
        Draft(
            user_id=learner_id,
            kind=NoticeKind.HELP_ANSWERED,
            object_key=f'checkpoint:{activity.checkpoint_id}',
            occurrence=moment_key(activity.at),
            course_id=activity.of_course,
            title=phrase('Your question about “{step}” was answered.', step=checkpoint.title),
            body=_in_course(activity, known),
            address=f'/courses/{activity.course_id}/learn/{activity.checkpoint_id}',
            happened_at=activity.happened_at,
        )
    ]


def _help_asked(_: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    """Notify those who teach once in each class: in the class itself they see the queue."""
    title = phrase('Learners ask for help in “{course}”.', course=known.courses[activity.of_course])
    return [
        Draft(
            user_id=user_id,
            kind=NoticeKind.HELP_ASKED,
            object_key=f'class:{activity.session_id}',
            course_id=activity.of_course,
            title=title,
            address=f'/courses/{activity.course_id}/live',
            happened_at=activity.happened_at,
            useful_until=activity.at + HELP_MATTERS_FOR,
        )
        for user_id in known.staff.get(activity.of_course, ())
        if user_id != activity.user_id
    ]


def _returned(_: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    return _work(activity, known, phrase('Your work on “{step}” was returned to you.', step=_title(activity, known)))


def _graded(tx: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    checkpoint, details = known.checkpoints.get(activity.checkpoint_id or 0), activity.details or {}
    if checkpoint is None or details.get('practice') or details.get('by') in (None, activity.user_id):
        return []
    title = _title(activity, known)
    if activity.verb is Verb.REGRADED or 'was' in details:
        said = phrase('Your grade for “{step}” has changed.', step=title)
    elif checkpoint.kind is CheckpointKind.ASSIGNMENT:
        return _returned(tx, activity, known)
    else:
        said = phrase('Your answers in “{step}” were graded.', step=title)
    return [] if _is_hidden(tx, activity) else _work(activity, known, said)


def _result_opened(_: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    return _work(activity, known, phrase('The result of “{step}” can be seen now.', step=_title(activity, known)))


def _grade_set(tx: Transaction, activity: Recorded, known: Known) -> list[Draft]:
    details = activity.details or {}
    if (
        activity.checkpoint_id not in known.checkpoints
        or details.get('by') == activity.user_id
        or _is_hidden(tx, activity)
    ):
        return []
    title = _title(activity, known)
    if details.get('state') == 'excused':
        said = phrase('You are excused from “{step}”.', step=title)
    else:
        said = phrase('Your grade for “{step}” has changed.', step=title)
    key = f'grade:{activity.checkpoint_id}'
    address = f'/courses/{activity.course_id}/grades'
    return [_for_learner(activity, known, NoticeKind.GRADE, key, said, moment_key(activity.at), address)]


def _work(activity: Recorded, known: Known, said: Phrase) -> list[Draft]:
    """Return the notice of a grade or of feedback for one attempt or one piece of work."""
    checkpoint, attempt = known.checkpoints.get(activity.checkpoint_id or 0), (activity.details or {}).get('attempt')
    if checkpoint is None or attempt is None:
        return []
    is_assignment = checkpoint.kind is CheckpointKind.ASSIGNMENT
    key = f'{"work" if is_assignment else "attempt"}:{attempt}'
    address = f'/{"assignments" if is_assignment else "quizzes"}/{activity.checkpoint_id}'
    return [_for_learner(activity, known, NoticeKind.GRADE, key, said, moment_key(activity.at), address)]


def _for_learner(
    activity: Recorded,
    known: Known,
    kind: NoticeKind,
    key: str,
    title: Phrase,
    occurrence: str = '',
    address: str = '',
) -> Draft:
    """Return a notice for the learner who an activity is of."""
    is_of_course = kind is NoticeKind.COURSE_COMPLETED
    return Draft(
        user_id=activity.user_id,
        kind=kind,
        object_key=key,
        occurrence=occurrence,
        course_id=activity.of_course,
        title=title,
        body=None if is_of_course else _in_course(activity, known),
        address=address or f'/courses/{activity.course_id}/learn',
        happened_at=activity.happened_at,
    )


def _in_course(activity: Recorded, known: Known) -> Phrase:
    return phrase('In “{course}”', course=known.courses[activity.of_course])


def _title(activity: Recorded, known: Known) -> str:
    checkpoint = known.checkpoints.get(activity.checkpoint_id or 0)
    return checkpoint.title if checkpoint else ''


def _is_hidden(tx: Transaction, activity: Recorded) -> bool:
    """Tell whether the learner may not see the score yet: then nothing has happened for them."""
    quiz = tx.session.get(Quiz, activity.checkpoint_id)
    return quiz is not None and not revealing.of_quiz(tx, quiz, activity.user_id).score


def _known(tx: Transaction, activities: Sequence[Recorded]) -> Known:
    courses = {each.of_course for each in activities}
    checkpoints = {each.checkpoint_id for each in activities if each.checkpoint_id is not None}
    modules = {int((each.details or {}).get('module', 0)) for each in activities} - {0}
    completing = {(each.of_course, each.user_id) for each in activities if each.verb is Verb.MODULE_COMPLETED}
    asking = {each.of_course for each in activities if each.verb is Verb.HELP_ASKED}
    return Known(
        courses=dict(_TITLES.rows(tx.connection, ids=sorted(courses))),
        checkpoints={
            id_: KnownCheckpoint(title=title, kind=kind)
            for id_, title, kind in _CHECKPOINTS.rows(tx.connection, ids=sorted(checkpoints))
        }
        if checkpoints
        else {},
        modules=dict(_MODULES.rows(tx.connection, ids=sorted(modules))) if modules else {},
        staff=staff_of(tx, asking) if asking else {},
        completed=set(_COMPLETED.rows(tx.connection, places=sorted(completing))) if completing else frozenset(),
    )


_RULES: Mapping[Verb, Callable[[Transaction, Recorded, Known], list[Draft]]] = {
    Verb.MODULE_COMPLETED: _module_completed,
    Verb.COURSE_COMPLETED: _course_completed,
    Verb.BADGE_EARNED: _badge_earned,
    Verb.HELP_RESOLVED: _help_resolved,
    Verb.HELP_ASKED: _help_asked,
    Verb.RETURNED: _returned,
    Verb.GRADED: _graded,
    Verb.REGRADED: _graded,
    Verb.RESULT_OPENED: _result_opened,
    Verb.GRADE_SET: _grade_set,
}

_courses, _checkpoints = table(Course), table(Checkpoint)
_modules, _places = table(Module), table(Enrollment)
_TITLES = Prepared(select(_courses.c.id, _courses.c.title).where(among(_courses.c.id, 'ids')))
_CHECKPOINTS = Prepared(
    select(_checkpoints.c.id, _checkpoints.c.title, _checkpoints.c.kind).where(
        among(_checkpoints.c.id, 'ids'), _checkpoints.c.deleted_at.is_(None)
    )
)
_MODULES = Prepared(
    select(_modules.c.id, _modules.c.title).where(among(_modules.c.id, 'ids'), _modules.c.deleted_at.is_(None))
)
_COMPLETED = Prepared(
    select(_places.c.course_id, _places.c.user_id).where(
        number_pair_among(_places.c.course_id, _places.c.user_id, 'places'), _places.c.completed_at.is_not(None)
    )
)
