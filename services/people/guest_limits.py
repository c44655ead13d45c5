"""How many guests a course takes, and what those who teach are told when that stops somebody.

Who was turned away on a browser is remembered in this process alone, by the code that was typed, for an hour: it is a
hint for a teacher who is in the room, and no record of anybody.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from models import Enrollment, User, table
from services import access
from services.access import Actor
from services.core import clock
from services.core.phrases import Phrase, phrase, plural
from services.core.secrets import CLASS_CODE_LENGTH, read_code
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

MOST_GUESTS = 1_000
"""in one course; more have never been in a class"""
NEARLY = 90
"""percent of them: from then on those who teach are told"""
FROM_BROWSER = 20
"""at once, and then one every three minutes"""
REMEMBERED = timedelta(hours=1)
MOST_CODES, MOST_TIMES = 1_000, 100


def turn_away(code: str) -> None:
    """Remember that somebody could not join with this code because many have joined on the same browser."""
    code = read_code(code)
    if len(code) != CLASS_CODE_LENGTH:
        return
    times = _turned_away.pop(code, deque(maxlen=MOST_TIMES))
    times.append(clock.now())
    _turned_away[code] = times
    if len(_turned_away) > MOST_CODES:
        _turned_away.popitem(last=False)


def told(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Phrase, ...]:
    """Return what those who teach a course should know now about the limits of guests; nearly always nothing."""
    course = access.taught_course(tx, actor, course_id)
    found: list[Phrase] = []
    here = count(tx, course_id)
    if here >= MOST_GUESTS:
        full = phrase(
            'This course has {count} guests and takes no more. Take out those who do not belong here; a new code keeps '
            'strangers out.',
            count=here,
        )
        found.append(full)
    elif here * 100 >= MOST_GUESTS * NEARLY:
        nearly = phrase(
            'This course has {count} guests; it takes {most}. A new code keeps strangers out.',
            count=here,
            most=MOST_GUESTS,
        )
        found.append(nearly)
    if away := _lately(course.code, tx.now):
        found.append(_of_devices(away))
    return tuple(found)


def count(tx: Transaction, course_id: int) -> int:
    """Return how many guests are in a course."""
    ((here,),) = _GUESTS.rows(tx.connection, course=course_id)
    return int(here)


def forget() -> None:
    """Forget who was turned away."""
    _turned_away.clear()


def _of_devices(away: int) -> Phrase:
    return plural(
        'In the last hour {count} attempt to join was turned away: {most} guests can join on one device, then one '
        'every three minutes. Put people who share a device on the class list; with their code they come in at once.',
        'In the last hour {count} attempts to join were turned away: {most} guests can join on one device, then one '
        'every three minutes. Put people who share a device on the class list; with their code they come in at once.',
        away,
        most=FROM_BROWSER,
    )


def _lately(code: str, now: datetime) -> int:
    return sum(now - at < REMEMBERED for at in _turned_away.get(code, ()))


_turned_away: OrderedDict[str, deque[datetime]] = OrderedDict()

_users, _enrollments = table(User), table(Enrollment)
_GUESTS = Prepared(
    select(func.count())
    .select_from(_enrollments)
    .join(_users, _users.c.id == _enrollments.c.user_id)
    .where(
        _enrollments.c.course_id == bindparam('course'),
        _enrollments.c.removed_at.is_(None),
        _users.c.password_hash.is_(None),
    )
)
