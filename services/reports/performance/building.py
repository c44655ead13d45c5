"""How a report is made: the same facts and figures as on dashboards, in the order in which a report says them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from models import KeptFigure, KeptReport, ReportKind, ReportReader
from services import access
from services.access import Actor
from services.analytics import learner, learner_facts, learning_analytics
from services.analytics import span_queries as queries
from services.analytics.learner_facts import LearnerFacts
from services.analytics.next_steps import next_step
from services.core import zones
from services.core.errors import Refused
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.courses import teachers
from services.grades import gradebook
from services.grades.book import OwnGrades
from services.grades.totals import tenths
from services.live.attendance import report as attendance
from services.quizzes import skills
from services.quizzes.skills import SkillShown, Standing
from services.reports.performance import assessments, findings, goals, remarks
from services.reports.performance.assessments import Work
from services.reports.performance.document import (
    CheckpointReport,
    Configuration,
    Contact,
    CourseReport,
    Feedback,
    FirstPage,
    Mastery,
    NextSteps,
    Options,
    PerformanceReport,
    Recommendations,
    Resource,
    Sharing,
    SkillReport,
    Summary,
    Visibility,
    WeekReport,
)
from services.reports.performance.findings import Before, Known
from services.reports.performance.remarks import NOTHING, Written
from services.reports.performance.words import Words, day, isolated
from services.study.times import same_person

MOST_COURSES = 5
"""in one report: the newest ones"""
ADVANCED = 95
"""percent that the next answer is right, from which on a skill is called advanced"""

STAFF = frozenset({ReportReader.TEACHER, ReportReader.ADMINISTRATOR})


def of_learner(
    tx: Transaction,
    actor: Actor | None,
    user_id: int,
    *,
    course_id: int | None = None,
    options: Options | None = None,
    readers: Collection[ReportReader] = (),
) -> PerformanceReport:
    """Return the report about a learner in one course, or in the newest of those that concern the actor.

    It has what all its `readers` may see; without any, what the actor may see.
    """
    actor, options = access.signed_in(tx, actor), options or Options()
    if course_id is not None:
        access.learner(tx, actor, user_id, course_id)
    courses = access.learning(tx, actor, user_id)[-MOST_COURSES:][::-1] if course_id is None else [course_id]
    if not courses:
        raise Refused('There is no report yet: this person learns in no course.')
    is_own = actor.user_id == user_id
    seen_by = frozenset(readers) or frozenset({ReportReader.STUDENT} if is_own else STAFF)
    if not is_own:
        access.note_look(tx, actor, 'report', course=course_id, about=user_id)
    report = made(
        tx, courses, user_id, by=Contact(user_id=actor.user_id, name=actor.name), options=options, seen_by=seen_by
    )
    found = report.goals
    if is_own and not readers and found is not None:
        found += goals.of_owner(tx, actor, courses)
    return replace(report, course_id=course_id, goals=found)


def made(
    tx: Transaction,
    courses: Sequence[int],
    user_id: int,
    *,
    by: Contact,
    options: Options,
    seen_by: frozenset[ReportReader],
) -> PerformanceReport:
    """Return the report about a learner in some courses; the caller has checked who may see it."""
    found = [_Maker(tx, id_, user_id, options, seen_by) for id_ in courses]
    facts = found[0].facts
    return PerformanceReport(
        id=None,
        student_id=user_id,
        student_name=facts.learner.name,
        course_id=courses[0] if len(courses) == 1 else None,
        report_type=options.kind,
        title=_TITLES[options.kind],
        description=phrase(
            '{name}, {since} to {until}',
            name=isolated(facts.learner.name),
            since=day(facts.since),
            until=day(facts.until),
        ),
        period_start=facts.since,
        period_end=facts.until,
        generated_at=tx.now,
        generated_by=by.user_id,
        generated_by_name=by.name,
        courses=tuple(each.course() for each in found),
        goals=goals.weekly(tx, (each.facts for each in found)) if options.has_progress else None,
        configuration=Configuration(
            include_graphs=options.include_graphs,
            detail_level=options.detail,
            visibility=Visibility(student=ReportReader.STUDENT in seen_by, parents=ReportReader.PARENT in seen_by),
            sharing=Sharing(shareable=ReportReader.PARENT in seen_by),
        ),
    )


def total_tenths(grades: OwnGrades) -> int | None:
    """Return the total of a learner in tenths of a percent, rounded down as everywhere."""
    total = grades.row.explanation.total
    return None if total is None else tenths(total)


@dataclass(slots=True)
class _Maker:
    """One learner in one course: what is read once, and the parts of the report that are made of it."""

    tx: Transaction
    facts: LearnerFacts
    options: Options
    seen_by: frozenset[ReportReader]
    grades: OwnGrades
    quizzes: Mapping[int, datetime]
    handed_in: Mapping[int, Work]
    known: Known
    written: Written

    def __init__(
        self,
        tx: Transaction,
        course_id: int,
        user_id: int,
        options: Options,
        seen_by: frozenset[ReportReader],
    ) -> None:
        self.tx, self.options, self.seen_by = tx, options, seen_by
        for_learner = not seen_by <= STAFF
        self.facts = facts = learner_facts.of_learner(
            tx, course_id, user_id, as_learner=for_learner, since=options.since, until=options.until
        )
        self.grades = gradebook.report_of(tx, course_id, user_id=user_id, for_learner=for_learner)
        since, until = assessments.span(facts)
        people = same_person(tx, user_id)
        self.quizzes = assessments.quizzes_taken(tx, facts, people)
        self.handed_in = assessments.assignments_done(tx, facts, people)
        mark = skills.known_of(tx, course_id, user_id, for_learner=for_learner)
        self.known = Known(
            facts=facts,
            roll=attendance.of_learner(tx, course_id, user_id, since=since, until=until),
            skills=skills.told(tx, course_id, mark),
            assessments=assessments.assessments(facts, self.grades, self.quizzes, self.handed_in),
            actions=remarks.actions(tx, course_id, user_id, since=since),
        )
        written = remarks.written(tx, course_id, user_id)
        self.written = written if _may_read(written, seen_by) else NOTHING

    def course(self) -> CourseReport:
        facts, options = self.facts, self.options
        strengths, improvements = findings.strengths(self.known), findings.improvements(self.known)
        return CourseReport(
            course_id=facts.course.id,
            title=facts.course.title,
            first_page=FirstPage(
                schedule=findings.schedule(facts),
                stands=findings.stands(facts),
                changed=findings.changed(facts, total_tenths(self.grades), self._before()),
                strengths=strengths[:2],
                work_on=improvements[0] if improvements else None,
                this_week=findings.this_week(self.known),
                ask=tuple(
                    Contact(user_id=each.user_id, name=each.name)
                    for each in teachers.of_course(self.tx, facts.course.id)
                ),
            ),
            way=findings.way(facts) if options.include_graphs else None,
            summary=self._summary(),
            assessments=self.known.assessments if options.has_grades else None,
            skills=tuple(map(_skill, self.known.skills)) if options.has_skills else None,
            feedback=self._feedback(strengths, improvements),
            next_steps=self._next_steps(improvements),
            weeks=_weeks(facts) if options.has_progress else None,
            steps=_checkpoints(facts) if options.has_checkpoints else None,
        )

    def _summary(self) -> Summary:
        facts, roll, remark = self.facts, self.known.roll, self.written.remark
        total, explanation = total_tenths(self.grades), self.grades.row.explanation
        return Summary(
            overall_grade=explanation.letter or None,
            overall_percentage=None if total is None else total / 10,
            attendance_rate=roll.rate if roll else None,
            classes_attended=roll.attended if roll else 0,
            classes_held=roll.held if roll else 0,
            completion_rate=facts.learner.percent,
            steps_done=facts.learner.done,
            steps_counted=facts.course.counted,
            behavior_score=remark.behavior,
            effort_score=remark.effort,
            total_time_spent=round(learner.total_seconds(facts) / 3600, 1),
            assignments_completed=len(self.handed_in),
            quizzes_taken=len(self.quizzes),
            credit_hours=remark.credit_hours,
        )

    def _feedback(self, strengths: tuple[Words, ...], improvements: tuple[Words, ...]) -> Feedback:
        remark = self.written.remark
        found = queries.evidence(self.tx, self.facts, is_own=False)  # of it, only what the facts show already
        return Feedback(
            strengths=strengths,
            improvements=improvements,
            achievements=learning_analytics.achievements(self.facts, found).recent_achievements,
            teacher_comments=remark.comment,
            written_by=self.written.by,
            written_by_id=self.written.by_id,
            action_items=tuple(self.known.actions),
            recommendations=Recommendations(
                academic=findings.academic(self.known),
                behavioral=remarks.lines_of(remark.behavioral),
                enrichment=remarks.lines_of(remark.enrichment),
            ),
        )

    def _next_steps(self, improvements: tuple[Words, ...]) -> NextSteps:
        facts, remark = self.facts, self.written.remark
        step = next_step(facts)
        first = [each for each in facts.checkpoints if step and each.checkpoint_id == step.checkpoint_id]
        return NextSteps(
            immediate_focus=improvements[0] if improvements else None,
            resources=tuple(
                Resource(
                    type=each.kind,
                    title=each.title,
                    url=f'/courses/{facts.course.id}/learn/{each.checkpoint_id}',
                )
                for each in (*first, *findings.again(self.known))
            ),
            support_services=remarks.lines_of(remark.support),
            parent_actions=findings.for_parents(facts, remarks.lines_of(remark.for_parents)),
        )

    def _before(self) -> Before | None:
        """Return how the learner stood at the last report that was kept."""
        found = self.tx.execute(
            select(col(KeptReport.made_at), col(KeptFigure.done), col(KeptFigure.total_tenths))
            .join(KeptFigure, col(KeptFigure.report_id) == col(KeptReport.id))
            .where(col(KeptReport.user_id) == self.facts.learner.user_id)
            .where(col(KeptFigure.course_id) == self.facts.course.id, *self._may_know())
            .order_by(col(KeptReport.id).desc())
            .limit(1)
        ).first()
        if found is None:
            return None
        at, done, total = found
        return Before(on=zones.local_date(self.facts.zone, at), done=done, total_tenths=total)

    def _may_know(self) -> list[ColumnElement[bool]]:
        """Return which reports all readers may see: another one may have figures that are kept back from them."""
        shown = {
            ReportReader.STUDENT: col(KeptReport.shows_learner),
            ReportReader.PARENT: col(KeptReport.shows_parents),
        }
        return [column.is_(True) for reader, column in shown.items() if reader in self.seen_by]


def _may_read(written: Written, seen_by: frozenset[ReportReader]) -> bool:
    is_for_learner = ReportReader.STUDENT not in seen_by or written.remark.shows_learner
    return is_for_learner and (ReportReader.PARENT not in seen_by or written.remark.shows_parents)


def _skill(shown: SkillShown) -> SkillReport:
    level = _LEVELS[shown.standing]
    if level is Mastery.PROFICIENT and (shown.percent or 0) >= ADVANCED:
        level = Mastery.ADVANCED
    return SkillReport(
        skill_name=shown.name,
        category='academic',
        mastery_level=level,
        evidence_count=shown.answers,
        last_demonstrated=shown.last_at,
    )


def _weeks(facts: LearnerFacts) -> tuple[WeekReport, ...]:
    return tuple(
        WeekReport(
            monday=week.monday,
            study_minutes=round(week.study_seconds / 60),
            class_minutes=round(week.class_seconds / 60),
            steps_completed=week.steps_completed,
        )
        for week in learner.weeks(facts)
    )


def _checkpoints(facts: LearnerFacts) -> tuple[CheckpointReport, ...]:
    found = []
    for checkpoint in facts.checkpoints:
        standing, due_at = facts.standings.get(checkpoint.checkpoint_id), facts.learner.due(checkpoint)
        completed_at = standing.completed_at if standing else None
        found.append(
            CheckpointReport(
                number=checkpoint.number,
                title=checkpoint.title,
                module=checkpoint.module,
                due_date=zones.local_date(facts.zone, due_at) if due_at else None,
                completed_on=zones.local_date(facts.zone, completed_at) if completed_at else None,
                minutes=round(facts.seconds_at(checkpoint) / 60),
                score=facts.scores.get(checkpoint.checkpoint_id),
            )
        )
    return tuple(found)


_TITLES = {
    ReportKind.PROGRESS: phrase('Progress report'),
    ReportKind.GRADE: phrase('Grade report'),
    ReportKind.COMPREHENSIVE: phrase('Comprehensive report'),
}
_LEVELS = {
    Standing.TO_PRACTISE: Mastery.BEGINNER,
    Standing.ON_THE_WAY: Mastery.DEVELOPING,
    Standing.SURE: Mastery.PROFICIENT,
    Standing.TOO_EARLY: None,
}
