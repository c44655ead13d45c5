"""What the figures of one learner in one course are made of, in a span of days; read once for all of them."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from models import CheckpointKind, Course, User
from services import access
from services.access import Actor
from services.analytics import choices, course_queries, learner_queries
from services.analytics.asked_days import SPAN, span
from services.analytics.course_facts import CountedCheckpoint, Learner, Standing
from services.analytics.learner_queries import ClassTime, Owners, Place, Session, Span, Total
from services.core import zones
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.grades import sources
from services.grades.results import Reached
from services.quizzes import skills
from services.study import times


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerFacts:
    """One learner in one course."""

    course: Course
    learner: Learner
    now: datetime
    zone: ZoneInfo
    """of the learner"""
    today: date
    """where the learner is"""
    since: date
    until: date
    """the last day of the span"""
    checkpoints: tuple[CountedCheckpoint, ...]
    standings: Mapping[int, Standing]
    studied: Mapping[int, int]
    """by checkpoint, in seconds, ever"""
    studied_in_span: Mapping[CheckpointKind, int]
    scores: Mapping[int, int]
    """the best one by checkpoint, as far as the reader may see it"""
    ungraded: AbstractSet[int]
    """checkpoints whose work was handed in, and waits for a grade"""
    totals: tuple[Total, ...]
    sessions: tuple[Session, ...]
    classes: tuple[ClassTime, ...]
    choices: AbstractSet[str]
    mastered: AbstractSet[str] = frozenset()
    """skills of which the learner is sure now, as far as the reader may know; in lower case, as `skills_of` has them.

    Of many learners at once they are not read.
    """

    def seconds_at(self, checkpoint: CountedCheckpoint) -> int:
        """Return how long the learner was at a checkpoint: studying on their own, and in class from start to
        completion.
        """
        standing = self.standings.get(checkpoint.checkpoint_id)
        return self.studied.get(checkpoint.checkpoint_id, 0) + (standing.seconds_in_class if standing else 0)

    def is_done(self, checkpoint: CountedCheckpoint) -> bool:
        """Tell whether the learner has completed a checkpoint."""
        standing = self.standings.get(checkpoint.checkpoint_id)
        return standing is not None and standing.completed_at is not None


def skills_of(checkpoint: CountedCheckpoint) -> set[str]:
    """Return what a checkpoint trains: its tags, in lower case."""
    return {tag.casefold() for tag in checkpoint.tags}


def read(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    user_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    length: timedelta | None = None,
    for_learner: bool = False,
) -> LearnerFacts:
    """Read what is known of a learner in a course whom it concerns the actor to see: of the actor unless named.

    The span ends today and is that of a page where nothing else is given; both its days are in it. What is read
    `for_learner` has no scores that the learner may not see yet.
    """
    actor = access.signed_in(tx, actor)
    user_id = actor.user_id if user_id is None else user_id
    access.learner(tx, actor, user_id, course_id)
    return of_learner(
        tx,
        course_id,
        user_id,
        as_learner=for_learner or actor.user_id == user_id,
        since=since,
        until=until,
        length=length,
    )


def of_learner(
    tx: Transaction,
    course_id: int,
    user_id: int,
    *,
    as_learner: bool,
    since: date | None = None,
    until: date | None = None,
    length: timedelta | None = None,
) -> LearnerFacts:
    """Read what is known of a learner in a course; the caller has checked who may see it.

    Read `as_learner`, scores that the learner may not see yet are left out.
    """
    place = course_id, user_id
    found = of_learners(tx, [place], as_learner=as_learner, since=since, until=until, length=length)
    if place not in found:
        raise NotFound(access.NOT_HERE)
    mastered = _mastered(tx, course_id, user_id, found[place].checkpoints, as_learner=as_learner)
    return replace(found[place], mastered=mastered)


def of_learners(
    tx: Transaction,
    places: Collection[Place],
    *,
    as_learner: bool,
    since: date | None = None,
    until: date | None = None,
    length: timedelta | None = None,
) -> dict[Place, LearnerFacts]:
    """Read the same of many learners at once, each in the course of their place; who does not learn there is left out.

    The number of statements grows with the zones in which they live, and not with the learners.
    """
    courses = sorted({course_id for course_id, _ in places})
    people = sorted({user_id for _, user_id in places})
    learners = course_queries.learners_among(tx, courses, people)
    spans = _spans(tx, people, since, until, length or SPAN)
    owners = times.owners(tx, people)
    known = _Known.read(tx, courses, owners, as_learner=as_learner)
    in_spans = _in_spans(tx, courses, owners, spans)
    found = {course.id: course for course in tx.session.scalars(select(Course).where(col(Course.id).in_(courses)))}
    checkpoints = course_queries.checkpoints_of(tx, courses)

    def one(place: Place) -> LearnerFacts:
        course_id, user_id = place
        span = spans[user_id]
        return LearnerFacts(
            course=found[course_id],
            learner=replace(
                learners[place],
                later=known.graded.later.get(place, {}),
                excused=known.excused.get(place, frozenset()),
            ),
            now=tx.now,
            zone=span.zone,
            today=zones.local_date(span.zone, tx.now),
            since=span.since,
            until=span.until,
            checkpoints=checkpoints[course_id],
            standings=known.standings.get(place, {}),
            studied=known.studied.get(place, {}),
            scores=known.scores(place),
            ungraded=known.graded.waiting.get(place, frozenset()),
            choices=frozenset(known.choices.get(place, ())),
            **in_spans[span].of(place),
        )

    return {place: one(place) for place in places if place in learners}


def in_span(tx: Transaction, facts: LearnerFacts, since: date, until: date) -> LearnerFacts:
    """Return the same learner in another span."""
    course_id, user_id = facts.course.id, facts.learner.user_id
    span = Span(facts.zone, since, until)
    found = _InSpan.read(tx, [course_id], times.owners(tx, [user_id]), span)
    return replace(facts, since=since, until=until, **found.of((course_id, user_id)))


def totals(tx: Transaction, course_id: int, user_id: int, since: date, until: date) -> tuple[Total, ...]:
    """Return the daily totals of a learner in a course; 0 for what belongs to no course, such as sign-ins."""
    span = Span(zones.school(), since, until)
    return learner_queries.totals(tx, [course_id], [user_id], span).get((course_id, user_id), ())


class _OfSpan(TypedDict):
    """What the facts of a learner have of a span."""

    studied_in_span: Mapping[CheckpointKind, int]
    totals: tuple[Total, ...]
    sessions: tuple[Session, ...]
    classes: tuple[ClassTime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _InSpan:
    """What learners who live in one zone did in a span."""

    by_kind: Mapping[Place, Mapping[CheckpointKind, int]]
    totals: Mapping[Place, tuple[Total, ...]]
    sessions: Mapping[Place, tuple[Session, ...]]
    classes: Mapping[Place, tuple[ClassTime, ...]]

    @classmethod
    def read(cls, tx: Transaction, courses: Sequence[int], owners: Owners, span: Span) -> '_InSpan':
        return cls(
            by_kind=learner_queries.studied_by_kind(tx, courses, owners, span),
            totals=learner_queries.totals(tx, courses, sorted(set(owners.values())), span),
            sessions=learner_queries.sessions(tx, courses, owners, span),
            classes=learner_queries.classes(tx, courses, owners, span),
        )

    def of(self, place: Place) -> _OfSpan:
        return {
            'studied_in_span': self.by_kind.get(place, {}),
            'totals': self.totals.get(place, ()),
            'sessions': self.sessions.get(place, ()),
            'classes': self.classes.get(place, ()),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of learners whatever the span."""

    standings: Mapping[Place, Mapping[int, Standing]]
    studied: Mapping[Place, Mapping[int, int]]
    graded: Reached
    hidden: Mapping[Place, AbstractSet[int]]
    excused: Mapping[Place, frozenset[int]]
    choices: Mapping[Place, AbstractSet[str]]

    @classmethod
    def read(cls, tx: Transaction, courses: Sequence[int], owners: Owners, *, as_learner: bool) -> '_Known':
        graded = sources.reached(tx, courses, owners)
        return cls(
            standings=learner_queries.standings(tx, courses, sorted(set(owners.values()))),
            studied=learner_queries.studied(tx, courses, owners),
            graded=graded,
            hidden=sources.hidden_of(tx, graded.scores) if as_learner else {},
            excused=learner_queries.excused(tx, courses, owners),
            choices=choices.of_learners(tx, courses, owners),
        )

    def scores(self, place: Place) -> dict[int, int]:
        """Return the scores in a place that may be seen."""
        hidden = self.hidden.get(place, frozenset())
        return {id_: score for id_, score in self.graded.scores.get(place, {}).items() if id_ not in hidden}


def _mastered(
    tx: Transaction, course_id: int, user_id: int, checkpoints: Sequence[CountedCheckpoint], *, as_learner: bool
) -> frozenset[str]:
    """Return the skills of which a learner is sure; nothing is read for a course whose checkpoints name none."""
    if not any(checkpoint.tags for checkpoint in checkpoints):
        return frozenset()
    known = skills.known_of(tx, course_id, user_id, for_learner=as_learner)
    shown = skills.told(tx, course_id, known) if known else ()
    return frozenset(each.name.casefold() for each in shown if each.standing is skills.Standing.SURE)


def _spans(
    tx: Transaction, people: Sequence[int], since: date | None, until: date | None, length: timedelta
) -> dict[int, Span]:
    """Return the span of each of some people, which ends today where they live unless an end is given."""
    found: dict[int, Span] = {}
    for user_id, name in tx.execute(select(col(User.id), col(User.time_zone)).where(col(User.id).in_(people))):
        zone = zones.of(name)
        found[user_id] = Span(zone, *span(since, until, today=zones.local_date(zone, tx.now), length=length))
    return found


def _in_spans(
    tx: Transaction, courses: Sequence[int], owners: Owners, spans: Mapping[int, Span]
) -> dict[Span, _InSpan]:
    """Return what learners did, by their span: most live in one zone, so there is one."""
    return {
        span: _InSpan.read(tx, courses, {id_: whose for id_, whose in owners.items() if spans.get(whose) == span}, span)
        for span in set(spans.values())
    }
