"""How often predictions were right: of those who were in a band when half of a course was over, how many finished it.

Only courses that are over count, and only learners who are still in them: nobody knows why somebody was taken out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import col

from models import BandChange, Course, Enrollment, PredictionRun, RiskBand
from services import access
from services.access import Actor
from services.analytics import k_rule
from services.analytics.k_rule import SITE_WIDE, Rough
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class BandQuality:
    """Of so many learners in a band, so many did not complete the course in time."""

    band: RiskBand
    learners: int
    unfinished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseQuality:
    """How good the predictions of one course that is over were; the highest band first."""

    course_id: int
    """0 for several courses together"""
    title: str
    """empty for several courses together"""
    judged_at: datetime
    bands: tuple[BandQuality, ...]


def quality(tx: Transaction, actor: Actor | None, course_id: int | None = None) -> tuple[CourseQuality, ...]:
    """Return how good predictions were: in one course to those who teach it, in all courses to an admin.

    An admin is told of small courses together.
    """
    if course_id is None:
        access.admin(tx, actor)
        found = shared(_courses(tx))
    else:
        access.taught_course(tx, actor, course_id)
        found = _courses(tx, col(PredictionRun.course_id) == course_id)
    access.note_look(tx, actor, 'prediction quality', course=course_id)
    return found


def shared(courses: Sequence[CourseQuality]) -> tuple[CourseQuality, ...]:
    """Return what a school may be told without showing a person: small courses together, or nothing of them.

    The sum of what is said is all that is said of all courses, so no course is what is left of it.
    """
    alone = sorted((each for each in courses if _may_be_said(each.bands)), key=_learners)
    small = [each for each in courses if each not in alone]
    while small and not _may_be_said(together(small)):
        if not alone:
            return ()
        small.append(alone.pop(0))
    said = tuple(each for each in courses if each in alone)
    if not small:
        return said
    latest = max(each.judged_at for each in small)
    return (*said, CourseQuality(course_id=0, title='', judged_at=latest, bands=together(small)))


def _may_be_said(bands: Iterable[BandQuality]) -> bool:
    shares = (k_rule.share(each.unfinished, each.learners, k=SITE_WIDE) for each in bands if each.learners)
    return not any(isinstance(share, Rough) for share in shares)


def _learners(course: CourseQuality) -> int:
    return sum(each.learners for each in course.bands)


def _courses(tx: Transaction, *which: ColumnElement[bool]) -> tuple[CourseQuality, ...]:
    rows = tx.execute(_judged(tx.now, *which))
    courses: dict[int, CourseQuality] = {}
    for id_, title, judged_at, band, learners, unfinished in rows:
        known = courses.get(id_) or CourseQuality(course_id=id_, title=title, judged_at=judged_at, bands=())
        found = BandQuality(band=band, learners=learners, unfinished=unfinished)
        bands = tuple(sorted([*known.bands, found], key=lambda each: list(RiskBand).index(each.band)))
        courses[id_] = CourseQuality(course_id=id_, title=title, judged_at=judged_at, bands=bands)
    return tuple(courses.values())


def together(courses: Iterable[CourseQuality]) -> tuple[BandQuality, ...]:
    """Return the quality of each band over several courses."""
    bands = [band for course in courses for band in course.bands]
    return tuple(
        BandQuality(
            band=band,
            learners=sum(each.learners for each in bands if each.band is band),
            unfinished=sum(each.unfinished for each in bands if each.band is band),
        )
        for band in RiskBand
    )


def _judged(now: datetime, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Count the learners by the band that they were in when half of a course was over, and those who did not finish."""
    run, place = PredictionRun, Enrollment
    latest = (
        select(func.max(BandChange.id).label('id'))
        .join(run, col(run.course_id) == col(BandChange.course_id))
        .where(col(BandChange.at) <= col(run.half_at), col(run.judged_at) <= now, *which)
        .group_by(col(BandChange.course_id), col(BandChange.user_id))
        .subquery()
    )
    is_late = col(place.completed_at).is_(None) | (col(place.completed_at) > col(run.judged_at))
    return (
        select(
            col(run.course_id),
            col(Course.title),
            col(run.judged_at),
            col(BandChange.band),
            func.count(),
            func.sum(case((is_late, 1), else_=0)),
        )
        .join(latest, latest.c.id == col(BandChange.id))
        .join(run, col(run.course_id) == col(BandChange.course_id))
        .join(Course, col(Course.id) == col(BandChange.course_id))
        .join(
            place,
            (col(place.course_id) == col(BandChange.course_id)) & (col(place.user_id) == col(BandChange.user_id)),
        )
        .where(col(BandChange.band).is_not(None), col(place.removed_at).is_(None), col(Course.deleted_at).is_(None))
        .group_by(col(run.course_id), col(Course.title), col(run.judged_at), col(BandChange.band))
        .order_by(col(run.judged_at).desc(), col(run.course_id))
    )
