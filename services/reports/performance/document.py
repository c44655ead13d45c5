"""Everything that s2 calls PerformanceReport, as values: what a report says, before it has a language or a form.

Scores are from 0 to 100, and above that with extra credit. What is not known, or would be a guess, is None; a part that
was not asked for is None too.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.enums import ActionPriority, ReportDetail, ReportKind, ReportReader
from services.goals.status import Outlook
from services.reports.performance.words import Words


class Schedule(StrEnum):
    """Where a learner stands against the schedule of the course."""

    COMPLETED = 'completed'
    PAUSED = 'paused'
    AHEAD = 'ahead'
    ON_SCHEDULE = 'on_schedule'
    BEHIND = 'behind'
    NO_SCHEDULE = 'no_schedule'
    """no checkpoint of the course has a due date"""


class ScoreTrend(StrEnum):
    """How something goes on. Source: s2, trend"""

    IMPROVING = 'improving'
    STABLE = 'stable'
    DECLINING = 'declining'


class Mastery(StrEnum):
    """How well a skill is mastered. Source: s2, mastery_level"""

    BEGINNER = 'beginner'
    DEVELOPING = 'developing'
    PROFICIENT = 'proficient'
    ADVANCED = 'advanced'


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is asked for: about what, how much, with or without graphs, and of which days."""

    kind: ReportKind = ReportKind.PROGRESS
    detail: ReportDetail = ReportDetail.DETAILED
    include_graphs: bool = True
    since: date | None = None
    """12 weeks up to the last day where it is left out, as on dashboards"""
    until: date | None = None
    """today where it is left out"""

    @property
    def has_grades(self) -> bool:
        """Whether assessments are in it."""
        return self.kind is not ReportKind.PROGRESS and self.detail is not ReportDetail.SUMMARY

    @property
    def has_progress(self) -> bool:
        """Whether weeks and goals are in it."""
        return self.kind is not ReportKind.GRADE and self.detail is not ReportDetail.SUMMARY

    @property
    def has_skills(self) -> bool:
        """Whether skills are in it."""
        return self.detail is ReportDetail.COMPREHENSIVE or (
            self.kind is ReportKind.COMPREHENSIVE and self.detail is ReportDetail.DETAILED
        )

    @property
    def has_checkpoints(self) -> bool:
        """Whether each checkpoint is in it."""
        return self.kind is not ReportKind.GRADE and self.detail is ReportDetail.COMPREHENSIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """That somebody opened a kept report; nobody's name with a link."""

    user_id: int | None
    name: str
    role: ReportReader | None
    accessed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody to ask."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPage:
    """What a report says first, in plain words."""

    schedule: Schedule
    stands: Words
    """where the learner stands against the course's own schedule"""
    changed: Words
    """what changed since the last report"""
    strengths: tuple[Words, ...]
    """at most two"""
    work_on: Words | None
    this_week: tuple[Words, ...]
    """what to do this week"""
    ask: tuple[Contact, ...]
    """those who teach the course, its owner first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of a course at a glance. Source: s2, summary"""

    overall_grade: str | None
    overall_percentage: float | None
    attendance_rate: int | None
    classes_attended: int
    classes_held: int
    completion_rate: int
    steps_done: int
    steps_counted: int
    behavior_score: int | None
    effort_score: int | None
    total_time_spent: float
    """hours"""
    assignments_completed: int
    quizzes_taken: int
    gpa_contribution: None = None
    """a school has no scale of grade points here"""
    credit_hours: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizResult:
    """One quiz. Source: s2, assessments"""

    id: int
    title: str
    date: datetime | None
    score: int | None
    weight: float | None
    """percent of the grade; None where it does not count"""
    trend: ScoreTrend | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentResult:
    """One assignment. Source: s2, assessments"""

    id: int
    title: str
    submitted: datetime | None
    grade: int | None
    weight: float | None
    feedback_summary: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectResult:
    """One project: an assignment whose checkpoint has the tag “project”. Source: s2, assessments"""

    id: int
    title: str
    grade: int | None
    collaboration_score: int | None
    """what its rubric says of collaboration"""
    presentation_score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessments:
    """What the learner's work is worth."""

    quizzes: tuple[QuizResult, ...]
    assignments: tuple[AssignmentResult, ...]
    projects: tuple[ProjectResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubSkill:
    """A part of a skill. Source: s2"""

    name: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillReport:
    """One skill, with its evidence. Source: s2, skills"""

    skill_name: str
    category: str
    mastery_level: Mastery | None
    """None where it is too early to say"""
    evidence_count: int
    last_demonstrated: datetime
    sub_skills: tuple[SubSkill, ...] = ()
    """skills have no parts here"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPart:
    """A milestone of a goal. Source: s2"""

    description: str
    completed: bool
    date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalReport:
    """One goal. Source: s2, goals"""

    goal_id: int | None
    """None for the weekly goal of a course"""
    description: Words
    target_date: date | None
    progress: int
    status: Outlook
    milestones: tuple[GoalPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something that somebody is to do. Source: s2, action_items"""

    action_id: int
    priority: ActionPriority
    description: str
    due_date: date | None
    assigned_to: ReportReader
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendations:
    """What would help: in the course, in behavior, and beyond the course. Source: s2"""

    academic: tuple[Words, ...]
    behavioral: tuple[str, ...]
    enrichment: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What is said of the learner. Source: s2, feedback"""

    strengths: tuple[Words, ...]
    improvements: tuple[Words, ...]
    achievements: tuple[Words, ...]
    teacher_comments: str
    written_by: str
    """who wrote the comments; empty where there are none"""
    written_by_id: int | None = None
    action_items: tuple[ActionItem, ...]
    recommendations: Recommendations


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to work with. Source: s2, resources"""

    type: str
    title: str
    url: str
    """within this site"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """What comes next. Source: s2, next_steps"""

    immediate_focus: Words | None
    resources: tuple[Resource, ...]
    support_services: tuple[str, ...]
    parent_actions: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekReport:
    """One week of the learner."""

    monday: date
    study_minutes: int
    class_minutes: int
    steps_completed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointReport:
    """One checkpoint of the course."""

    number: int
    title: str
    module: str
    due_date: date | None
    completed_on: date | None
    minutes: int
    score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayPoint:
    """How many checkpoints were done at the end of a day, and how many were due by then."""

    day: date
    done: int | None
    """None for days to come"""
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The learner's way through the course against its schedule: the one picture of page one."""

    finding: Words
    steps: int
    points: tuple[WayPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseReport:
    """One course of a report."""

    course_id: int
    title: str
    first_page: FirstPage
    way: Way | None
    """None without graphs, or without a schedule"""
    summary: Summary
    assessments: Assessments | None
    skills: tuple[SkillReport, ...] | None
    feedback: Feedback
    next_steps: NextSteps
    weeks: tuple[WeekReport, ...] | None
    steps: tuple[CheckpointReport, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Who may see the report. Source: s2, visibility"""

    student: bool
    parents: bool
    teachers: bool = True
    administrators: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How the report is shared; only the person who makes a link sees its address. Source: s2, sharing"""

    shareable: bool
    share_url: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """How the report was asked for. Source: s2, configuration"""

    formats: tuple[str, ...] = ('html', 'pdf', 'json')
    template: str = 'standard'
    include_graphs: bool
    detail_level: ReportDetail
    visibility: Visibility
    sharing: Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceReport:
    """A report about one learner, in one course or in all that concern the reader. Source: s2"""

    id: int | None
    """None unless it is kept"""
    student_id: int
    student_name: str
    course_id: int | None
    """None for all courses"""
    report_type: ReportKind
    title: Words
    description: Words
    period_start: date
    period_end: date
    generated_at: datetime
    generated_by: int | None
    generated_by_name: str
    accessed_by: tuple[Opening, ...] = ()
    courses: tuple[CourseReport, ...]
    goals: tuple[GoalReport, ...] | None
    configuration: Configuration
