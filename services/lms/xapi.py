"""Statements of xAPI 1.0.3: what an activity of the log says, as programs beside Waymark read it (decision 48).

docs/xapi.md is the profile. A statement says in an extension which verb of the log it was, so that nothing is lost.
"""

import hmac
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from uuid import UUID, uuid5

from models import CheckpointKind, Verb
from services.core.events import Recorded

PLATFORM = 'Waymark'
BEST = 100
LANGUAGE = 'und'
"""of titles: nobody says in which language a course is"""
_ADL, _ACTIVITY_STREAMS = 'http://adlnet.gov/expapi/verbs/', 'http://activitystrea.ms/schema/1.0/'
_TYPES = 'http://adlnet.gov/expapi/activities/'

VERBS: dict[Verb, str] = {
    Verb.ENROLLED: f'{_ADL}registered',
    Verb.STARTED: f'{_ADL}initialized',
    Verb.COMPLETED: f'{_ADL}completed',
    Verb.UNDONE: f'{_ADL}progressed',
    Verb.MODULE_COMPLETED: f'{_ADL}completed',
    Verb.COURSE_COMPLETED: f'{_ADL}completed',
    Verb.WATCHED: f'{_ADL}progressed',
    Verb.READ: f'{_ADL}progressed',
    Verb.STUDIED: f'{_ADL}progressed',
    Verb.PAUSED: f'{_ADL}suspended',
    Verb.RESUMED: f'{_ADL}resumed',
    Verb.QUIZ_STARTED: f'{_ADL}attempted',
    Verb.ANSWERED: f'{_ADL}answered',
    Verb.ANSWERED_IN_CLASS: f'{_ADL}answered',
    Verb.QUIZ_SUBMITTED: f'{_ACTIVITY_STREAMS}submit',
    Verb.ASSIGNMENT_SUBMITTED: f'{_ACTIVITY_STREAMS}submit',
    Verb.GRADED: f'{_ADL}scored',
    Verb.REGRADED: f'{_ADL}scored',
    Verb.GRADE_SET: f'{_ADL}scored',
    Verb.BADGE_EARNED: 'http://id.tincanapi.com/verb/earned',
    Verb.CERTIFIED: 'http://id.tincanapi.com/verb/earned',
}
"""A score is passed or failed where it is known how much is enough. The other verbs make no statements."""
SCORES = frozenset({Verb.GRADED, Verb.REGRADED, Verb.GRADE_SET})
_COMPLETION = {
    Verb.COMPLETED: True,
    Verb.UNDONE: False,
    Verb.MODULE_COMPLETED: True,
    Verb.COURSE_COMPLETED: True,
}
KINDS: dict[CheckpointKind, str] = {
    CheckpointKind.MARKER: f'{_TYPES}lesson',
    CheckpointKind.VIDEO: f'{_TYPES}media',
    CheckpointKind.DOCUMENT: f'{_TYPES}file',
    CheckpointKind.QUIZ: f'{_TYPES}assessment',
    CheckpointKind.ASSIGNMENT: 'http://id.tincanapi.com/activitytype/school-assignment',
}
Statement = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """This server: the address under which it stays, and its secret."""

    address: str
    secret: str = field(repr=False)

    def account_of(self, user_id: int) -> str:
        """Return the name of an account: always the same for one person, and nobody finds the person by it."""
        return self._keyed(f'xapi account {user_id}')[:40]

    def id_of(self, activity_id: int) -> str:
        """Return the id of the statement about an activity; a statement that is sent twice is recognised by it."""
        return str(uuid5(UUID(hex=self._keyed('xapi installation')[:32]), str(activity_id)))

    def _keyed(self, said: str) -> str:
        return hmac.new(self.secret.encode(), said.encode(), 'sha256').hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCheckpoint:
    """A checkpoint, as far as a statement names it."""

    title: str
    kind: CheckpointKind
    passing_percent: int | None = None
    """which grade is enough, where the checkpoint has such a rule"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What activities name only by id."""

    courses: Mapping[int, str] = field(default_factory=dict)
    modules: Mapping[int, str] = field(default_factory=dict)
    checkpoints: Mapping[int, NamedCheckpoint] = field(default_factory=dict)
    passing_percents: Mapping[int, int] = field(default_factory=dict)
    """by attempt: which score was enough when the attempt began"""
    hidden: Set[int] = frozenset()
    """the checkpoints whose scores the learner may not see yet"""


def statement(activity: Recorded, *, of: int, at: Installation, known: Known) -> Statement | None:
    """Return what an activity says as a statement; None where xAPI has no word for it.

    `of` is the person whose activity it is: the learner themselves where a guest turned out to be them.
    """
    verb = VERBS.get(activity.verb)
    if verb is None or activity.course_id is None:
        return None
    result: Statement = {}
    if activity.verb in SCORES:
        if activity.score is None or activity.checkpoint_id in known.hidden:
            return None
        enough = _enough(activity, known)
        result = _scored(activity.score, enough)
        if enough is not None:
            verb = f'{_ADL}{"passed" if result["success"] else "failed"}'
    if activity.verb in _COMPLETION:
        result['completion'] = _COMPLETION[activity.verb]
    if activity.seconds is not None:
        result['duration'] = f'PT{max(0, activity.seconds)}S'
    said = {
        'id': at.id_of(activity.id),
        'actor': {'objectType': 'Agent', 'account': {'homePage': at.address, 'name': at.account_of(of)}},
        'verb': {'id': verb, 'display': {'en': verb.rpartition('/')[2]}},
        'object': _object(activity, at, known),
        'context': _context(activity, at, known),
        'timestamp': activity.happened_at.astimezone(UTC).isoformat(timespec='milliseconds').replace('+00:00', 'Z'),
    }
    return said | ({'result': result} if result else {})


def _enough(activity: Recorded, known: Known) -> int | None:
    """Return which score is enough: as the attempt began with it, as it was graded with, or as the checkpoint asks
    for.
    """
    details = activity.details or {}
    attempt, then = details.get('attempt'), details.get('pass')
    if attempt is not None:
        return known.passing_percents.get(int(attempt))
    if then is not None:
        return int(then)
    checkpoint = known.checkpoints.get(activity.checkpoint_id or 0)
    return checkpoint.passing_percent if checkpoint else None


def _scored(score: int, enough: int | None) -> Statement:
    """Return a score as a result. With extra credit there is no `max`, because xAPI allows no `raw` above it."""
    most = {'max': BEST} if score <= BEST else {}
    said: Statement = {'score': {'scaled': min(1.0, score / BEST), 'raw': score, 'min': 0, **most}}
    return said if enough is None else said | {'success': score >= enough}


def _object(activity: Recorded, at: Installation, known: Known) -> Statement:
    """Return what it was done to: a question, a badge, a certificate, a module, a checkpoint, or the whole course."""
    details = activity.details or {}
    match activity.verb:
        case Verb.ANSWERED | Verb.ANSWERED_IN_CLASS if 'question' in details:
            return _thing(f'{at.address}/xapi/questions/{details["question"]}', f'{_TYPES}question')
        case Verb.BADGE_EARNED:
            return _thing(f'{at.address}/xapi/badges/{details["badge"]}', f'{_ACTIVITY_STREAMS}badge')
        case Verb.CERTIFIED:
            title = known.courses.get(activity.of_course, '')
            address = f'{_course_address(activity, at)}/certificate'
            return _thing(address, f'{_ACTIVITY_STREAMS}badge', title)
        case Verb.MODULE_COMPLETED:
            module_id = int(details['module'])
            address = f'{at.address}/xapi/modules/{module_id}'
            return _thing(address, f'{_TYPES}module', known.modules.get(module_id, ''))
    return _checkpoint_or_course(activity, at, known)


def _checkpoint_or_course(activity: Recorded, at: Installation, known: Known) -> Statement:
    if activity.checkpoint_id is None:
        return _course(activity, at, known)
    checkpoint = known.checkpoints.get(activity.checkpoint_id)
    kind = KINDS[checkpoint.kind if checkpoint else CheckpointKind.MARKER]
    return _thing(f'{at.address}/xapi/steps/{activity.checkpoint_id}', kind, checkpoint.title if checkpoint else '')


def _course(activity: Recorded, at: Installation, known: Known) -> Statement:
    return _thing(_course_address(activity, at), f'{_TYPES}course', known.courses.get(activity.of_course, ''))


def _course_address(activity: Recorded, at: Installation) -> str:
    return f'{at.address}/xapi/courses/{activity.of_course}'


def _thing(address: str, kind: str, title: str = '') -> Statement:
    named = {'name': {LANGUAGE: title}} if title else {}
    return {'objectType': 'Activity', 'id': address, 'definition': {'type': kind, **named}}


def _context(activity: Recorded, at: Installation, known: Known) -> Statement:
    """Return where it was done: the course, the checkpoint of an answer, in class or not; who teaches is not said."""
    around: Statement = {'grouping': [_course(activity, at, known)]}
    if activity.checkpoint_id is not None and activity.verb is Verb.ANSWERED:
        around['parent'] = [_checkpoint_or_course(activity, at, known)]
    told: Statement = {f'{at.address}/xapi/verb': activity.verb.value}
    if activity.mode is not None:
        told[f'{at.address}/xapi/mode'] = activity.mode.value
    if (activity.details or {}).get('practice'):
        told[f'{at.address}/xapi/practice'] = True
    return {'platform': PLATFORM, 'contextActivities': around, 'extensions': told}
