"""Everything that learners did in a course, one row for each activity of the log that says something of learning."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, or_, select

from models import Activity, Mode, Verb, table
from services.activity import archive
from services.core.phrases import Phrase, phrase
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.reports.exports.asking import Scope
from services.reports.exports.cells import Column, Page, Row

ON_A_PAGE = 5_000
COLUMNS = (
    Column(key='at', name=phrase('Time')),
    Column(key='name', name=phrase('Name')),
    Column(key='group', name=phrase('Group')),
    Column(key='user_id', name=phrase('Id')),
    Column(key='what', name=phrase('What')),
    Column(key='number', name=phrase('Number')),
    Column(key='step', name=phrase('Step')),
    Column(key='where', name=phrase('Where')),
    Column(key='seconds', name=phrase('Seconds')),
    Column(key='score', name=phrase('Score')),
)
WORDS: Mapping[Verb, Phrase] = {
    Verb.ENROLLED: phrase('joined the course'),
    Verb.JOINED: phrase('came to a class'),
    Verb.LEFT: phrase('left a class'),
    Verb.STARTED: phrase('started a step'),
    Verb.COMPLETED: phrase('completed a step'),
    Verb.UNDONE: phrase('took a step back'),
    Verb.MODULE_COMPLETED: phrase('completed a module'),
    Verb.COURSE_COMPLETED: phrase('completed the course'),
    Verb.HELP_ASKED: phrase('asked for help'),
    Verb.WATCHED: phrase('watched a video'),
    Verb.READ: phrase('read a document'),
    Verb.STUDIED: phrase('studied'),
    Verb.PAUSED: phrase('paused the course'),
    Verb.RESUMED: phrase('went on after a pause'),
    Verb.QUIZ_STARTED: phrase('started a quiz'),
    Verb.QUIZ_SUBMITTED: phrase('submitted a quiz'),
    Verb.ASSIGNMENT_SUBMITTED: phrase('handed in an assignment'),
    Verb.GRADED: phrase('was graded'),
    Verb.REGRADED: phrase('was graded again'),
    Verb.RESULT_OPENED: phrase('could see a result'),
    Verb.RETURNED: phrase('got an assignment back'),
    Verb.CERTIFIED: phrase('got a certificate'),
}
"""What is learning; what people wrote, answered or chose for themselves is not in it."""
WHERE: Mapping[Mode, Phrase] = {Mode.LIVE: phrase('in class'), Mode.SELF_PACED: phrase('on their own')}


def page(tx: Transaction, found: Scope, position: int) -> Page:
    """Return the activities after one with this id, in the order in which they were recorded.

    A month of which some are in the archive is one page.
    """
    end = archive.ends(tx, position)
    rows = _PAGE.rows(
        tx.connection,
        course=found.course_id,
        people=list(found.selves),
        since=found.since,
        until=found.until,
        position=position,
        end=end or _NO_END,
        most=_NO_END if end else ON_A_PAGE,
    )
    if end:
        rows = sorted([*rows, *_archived(tx, found, position, end)], key=lambda row: int(row[0]))
    said = {verb: found.say(words) for verb, words in WORDS.items()}
    where: dict[Mode | None, str] = {mode: found.say(words) for mode, words in WHERE.items()} | {None: ''}
    learners = {one: found.learners[owner] for one, owner in found.selves.items()}
    who = {one: (learner.name, learner.group, learner.shown_id) for one, learner in learners.items()}
    no_checkpoint: tuple[int | None, str] = (None, '')
    table_rows: list[Row] = [
        (
            happened_at.astimezone(found.zone),
            *who[user_id],
            said[verb],
            *found.checkpoints.get(checkpoint_id, no_checkpoint),
            where[mode],
            seconds,
            score,
        )
        for _, user_id, verb, checkpoint_id, mode, seconds, score, happened_at in rows
    ]
    return Page(rows=table_rows, next=end or (rows[-1][0] if len(rows) == ON_A_PAGE else None))


def _archived(tx: Transaction, found: Scope, position: int, end: int) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of what is archived of a month."""
    for each in archive.of_people(tx, list(found.selves), after=position):
        if each['id'] > end:
            break
        is_asked_for = each['course_id'] == found.course_id and each['verb'] in WORDS
        if is_asked_for and found.since <= each['local_date'] <= found.until:
            yield tuple(each[name] for name in _SHOWN)


_log = table(Activity)
_DAY = _log.c.local_date.type
_SHOWN = 'id', 'user_id', 'verb', 'checkpoint_id', 'mode', 'seconds', 'score', 'happened_at'
_NO_END = 2**31 - 1
_PAGE = Prepared(
    select(*(_log.c[name] for name in _SHOWN))
    .where(
        _log.c.course_id == bindparam('course'),
        _log.c.id > bindparam('position'),
        _log.c.id <= bindparam('end'),
        or_(*(_log.c.verb == verb for verb in WORDS)),
        _log.c.local_date >= bindparam('since', type_=_DAY),
        _log.c.local_date <= bindparam('until', type_=_DAY),
        among(_log.c.user_id, 'people'),
    )
    .order_by(_log.c.id)
    .limit(bindparam('most'))
)
