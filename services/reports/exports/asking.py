"""What is asked for of a course: which table, of whom, of which days; and who of those is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from models import Checkpoint, Course, ExportTable, User, table
from services import access
from services.access import Actor
from services.analytics import asked_days, course_facts, course_queries
from services.analytics.export import pseudonym
from services.core import languages, zones
from services.core.errors import Invalid, Refused
from services.core.phrases import Phrase
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

MOST_CHOSEN = 200
"""learners who are chosen one by one; for more of them there are groups, and everybody"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for; without people and without a group it is everybody, without days the last term."""

    what: ExportTable = ExportTable.LEARNERS
    people: tuple[int, ...] = ()
    group: str = ''
    since: date | None = None
    until: date | None = None
    has_names: bool = True
    """otherwise a learner has a pseudonym, which is the same in every export of this school"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Somebody whose figures are asked for."""

    shown_id: int | str
    name: str
    group: str
    percent: int
    done: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a table is made of, read once; the rows are read from it a page at a time."""

    course_id: int
    title: str
    what: ExportTable
    is_chosen: bool
    """whether learners were chosen one by one"""
    since: date
    until: date
    learners: Mapping[int, Learner]
    """by name; without names by pseudonym, as their order would give them away"""
    selves: Mapping[int, int]
    """the ids of learners, and of the guests that they were → the learner"""
    checkpoints: Mapping[int, tuple[int | None, str]]
    """checkpoint → its number, if it counts, and its title"""
    now: datetime
    zone: ZoneInfo
    """in which moments are written"""
    language: NullTranslations = field(repr=False)

    def say(self, said: Phrase) -> str:
        """Return a phrase in the language of the file."""
        return said.spoken(self.language)


def scope(
    tx: Transaction, actor: Actor | None, course_id: int, asked: Asked, *, language: str = '', zone: str = ''
) -> Scope:
    """Return what a table of a course is made of, for those who teach it; who is not in the course is left out."""
    return of_course(tx, access.taught_course(tx, actor, course_id), asked, language=language, zone=zone)


def of_course(tx: Transaction, course: Course, asked: Asked, *, language: str = '', zone: str = '') -> Scope:
    """Return the same where it was checked before who may see it."""
    if len(asked.people) > MOST_CHOSEN:
        raise Invalid('Choose at most {most} learners, or a group.', most=MOST_CHOSEN, field='people')
    since, until = span(tx, asked)
    learners = _learners(tx, course.id, asked)
    if not learners:
        raise Refused('Nobody of those learns here. Choose others.')
    rows = _SELVES.rows(tx.connection, people=list(learners))
    own_zones = {user_id: zone for user_id, merged_into, zone in rows if merged_into is None}
    return Scope(
        course_id=course.id,
        title=course.title,
        what=asked.what,
        is_chosen=bool(asked.people),
        since=since,
        until=until,
        learners=_named(
            {
                user_id: Learner(
                    shown_id=user_id if asked.has_names else pseudonym(user_id),
                    name=each.name if asked.has_names else '',
                    group=each.group,
                    percent=each.percent,
                    done=each.done,
                    zone=zones.of(own_zones.get(user_id, '')),
                )
                for user_id, each in learners.items()
            },
            has_names=asked.has_names,
        ),
        selves={user_id: merged_into or user_id for user_id, merged_into, _ in rows},
        checkpoints=_numbers_and_titles(tx, course.id),
        now=tx.now,
        zone=zones.of(zone),
        language=languages.translations(language),
    )


def span(tx: Transaction, asked: Asked) -> tuple[date, date]:
    """Return the first and the last day that are asked for; raises `Invalid` for days that cannot be."""
    until = asked.until or zones.local_date(zones.school(), tx.now)
    asked_days.check_year(until, 'until')
    since = asked.since or until - asked_days.SPAN + timedelta(days=1)
    asked_days.check_year(since, 'since')
    if since > until:
        raise Invalid('Choose a last day that is not before the first one.', field='until')
    return since, until


def note_look(tx: Transaction, actor: Actor | None, found: Scope) -> None:
    """Record whose figures the actor looked at: of those who were chosen, else of the course."""
    if not found.is_chosen:
        access.note_look(tx, actor, LOOK, course=found.course_id)
        return
    for user_id in found.learners:
        access.note_look(tx, actor, LOOK, course=found.course_id, about=user_id)


def _named(learners: dict[int, Learner], *, has_names: bool) -> dict[int, Learner]:
    if has_names:
        return learners
    return dict(sorted(learners.items(), key=lambda each: str(each[1].shown_id)))


def _learners(tx: Transaction, course_id: int, asked: Asked) -> dict[int, course_facts.Learner]:
    chosen = set(asked.people)
    return {
        each.user_id: each
        for each in course_queries.learners(tx, course_id)
        if not each.is_erased
        and (not chosen or each.user_id in chosen)
        and (not asked.group or each.group == asked.group)
    }


def _numbers_and_titles(tx: Transaction, course_id: int) -> dict[int, tuple[int | None, str]]:
    found: dict[int, tuple[int | None, str]] = {
        id_: (None, title) for id_, title in _TITLES.rows(tx.connection, course=course_id)
    }
    found |= {
        checkpoint.checkpoint_id: (checkpoint.number, checkpoint.title)
        for checkpoint in course_queries.checkpoints(tx, course_id)
    }
    return found


LOOK = 'analytics export'
_users, _checkpoints = table(User), table(Checkpoint)
_SELVES = Prepared(
    select(_users.c.id, _users.c.merged_into_id, _users.c.time_zone).where(
        or_(among(_users.c.id, 'people'), among(_users.c.merged_into_id, 'people'))
    )
)
_TITLES = Prepared(
    select(_checkpoints.c.id, _checkpoints.c.title).where(
        _checkpoints.c.course_id == bindparam('course'), _checkpoints.c.deleted_at.is_(None)
    )
)
