"""Writes a report in a language: of its values become the sentences, tables and pictures of a sheet."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError
from babel.dates import format_date

from services.core import school, zones
from services.core.languages import translations
from services.core.phrases import Phrase, phrase, plural
from services.reports.performance import drawing
from services.reports.performance.document import (
    Assessments,
    CheckpointReport,
    CourseReport,
    Feedback,
    GoalReport,
    NextSteps,
    PerformanceReport,
    SkillReport,
    Summary,
    Way,
    WayPoint,
    WeekReport,
)
from services.reports.performance.sheet import CourseSheet, Part, Picture, Sheet, Table
from services.reports.performance.sheet_words import DOERS, DONE, GOALS, LEVELS, OPEN, PRIORITIES, SCHEDULES, TRENDS

MOST_ROWS = 14
"""of the table behind a picture with a long way"""
NOTHING = '–'


def sheet_of(report: PerformanceReport, language: str, *, zone: ZoneInfo | None = None) -> Sheet:
    """Return a report in a language, with its moments in a zone: that of the school unless another one is given."""
    writer = _Writer(language, zone or zones.school())
    return Sheet(
        language=language.partition('-')[0] or 'en',
        school=school.current().name,
        title=writer.say(report.title),
        name=report.student_name,
        description=writer.say(report.description),
        made=writer.say(
            phrase('Made on {day} by {name}', day=writer.moment(report.generated_at), name=report.generated_by_name)
        ),
        courses=tuple(writer.course(each) for each in report.courses),
        goals=writer.goals(report.goals) if report.goals else None,
    )


class _Writer:
    """Puts the parts of a report into one language."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self._words: NullTranslations = translations(language)
        self._locale = (language or 'en').replace('-', '_')
        self._zone = zone

    def say(self, said: Phrase) -> str:
        return said.spoken(self._words)

    def day(self, day: date | None) -> str:
        if day is None:
            return NOTHING
        try:
            return format_date(day, 'd MMM y', locale=self._locale)
        except (UnknownLocaleError, ValueError):
            return format_date(day, 'd MMM y', locale='en')

    def moment(self, moment: datetime | None) -> str:
        return self.day(zones.local_date(self._zone, moment) if moment else None)

    def course(self, found: CourseReport) -> CourseSheet:
        first = found.first_page
        work_on = first.work_on or phrase('Nothing stands out at the moment.')
        return CourseSheet(
            title=found.title,
            schedule=first.schedule,
            standing=self.say(SCHEDULES[first.schedule]),
            stands=self.say(first.stands),
            changed=self.say(first.changed),
            picture=self._way(found.way) if found.way else None,
            first=(
                self._part(phrase('Strengths'), first.strengths or (phrase('It is too early to name strengths.'),)),
                self._part(phrase('To work on'), (work_on,)),
                self._part(phrase('This week'), first.this_week or (phrase('Nothing is open.'),)),
                Part(heading=self.say(phrase('Whom to ask')), items=tuple(each.name for each in first.ask)),
            ),
            rest=tuple(self._rest(found)),
        )

    def goals(self, found: Sequence[GoalReport]) -> Part:
        rows = [
            (self.say(each.description), self.day(each.target_date), f'{each.progress} %', self.say(GOALS[each.status]))
            for each in found
        ]
        parts = [
            f'{each.description}: {self.say(DONE if each.completed else OPEN)}'
            for goal in found
            for each in goal.milestones
        ]
        columns = phrase('Goal'), phrase('By'), phrase('Reached'), phrase('How it stands')
        return Part(
            heading=self.say(phrase('Goals')),
            tables=(self._table(phrase('Goals'), columns, rows, (False, False, True, False)),),
            items=tuple(parts),
        )

    def _rest(self, found: CourseReport) -> Iterable[Part]:
        yield self._summary(found.summary)
        if found.assessments:
            yield self._assessments(found.assessments)
        if found.skills:
            yield self._skills(found.skills)
        yield from self._feedback(found.feedback, found.next_steps)
        if found.weeks:
            yield self._weeks(found.weeks, has_picture=found.way is not None)
        if found.way:
            yield Part(
                heading=self.say(phrase('The way through the course')),
                tables=(self._way(found.way).table,),
                is_for_paper=True,
            )
        if found.steps:
            yield self._checkpoints(found.steps)

    def _summary(self, found: Summary) -> Part:
        grade = [
            found.overall_grade or '',
            '' if found.overall_percentage is None else f'{found.overall_percentage:g} %',
        ]
        facts: list[tuple[Phrase, str]] = [
            (phrase('Grade'), ' · '.join(part for part in grade if part) or NOTHING),
            (phrase('Steps done'), f'{found.steps_done} / {found.steps_counted} · {found.completion_rate} %'),
            (phrase('Time'), self.say(phrase('{hours} hours', hours=f'{found.total_time_spent:g}'))),
            (phrase('Classes'), self._attendance(found)),
            (phrase('Quizzes taken'), str(found.quizzes_taken)),
            (phrase('Assignments handed in'), str(found.assignments_completed)),
        ]
        for label, score in ((phrase('Behavior'), found.behavior_score), (phrase('Effort'), found.effort_score)):
            if score is not None:
                facts.append((label, self.say(phrase('{score} of 100', score=score))))
        if found.credit_hours is not None:
            facts.append((phrase('Credit hours'), f'{found.credit_hours:g}'))
        return Part(heading=self.say(phrase('In figures')), facts=tuple((self.say(each), said) for each, said in facts))

    def _attendance(self, found: Summary) -> str:
        if found.attendance_rate is None:
            return NOTHING
        return f'{found.classes_attended} / {found.classes_held} · {found.attendance_rate} %'

    def _assessments(self, found: Assessments) -> Part:
        tables = []
        if found.quizzes:
            columns = phrase('Quiz'), phrase('Taken'), phrase('Score'), phrase('Weight'), phrase('Trend')
            quizzes = [
                (
                    each.title,
                    self.moment(each.date),
                    _number(each.score),
                    _percent(each.weight),
                    self.say(TRENDS[each.trend]) if each.trend else NOTHING,
                )
                for each in found.quizzes
            ]
            tables.append(self._table(phrase('Quizzes'), columns, quizzes, (False, False, True, True, False)))
        if found.assignments:
            columns = phrase('Assignment'), phrase('Handed in'), phrase('Grade'), phrase('Weight'), phrase('Feedback')
            work = [
                (
                    each.title,
                    self._handed_in(each.submitted, is_late=each.late),
                    _number(each.grade),
                    _percent(each.weight),
                    each.feedback_summary or NOTHING,
                )
                for each in found.assignments
            ]
            tables.append(self._table(phrase('Assignments'), columns, work, (False, False, True, True, False)))
        if found.projects:
            named = phrase('Project'), phrase('Grade'), phrase('Collaboration'), phrase('Presentation')
            projects = [
                (each.title, _number(each.grade), _number(each.collaboration_score), _number(each.presentation_score))
                for each in found.projects
            ]
            tables.append(self._table(phrase('Projects'), named, projects, (False, True, True, True)))
        items = () if tables else (self.say(phrase('Nothing was graded in this time.')),)
        return Part(heading=self.say(phrase('Assessments')), tables=tuple(tables), items=items)

    def _handed_in(self, at: datetime | None, *, is_late: bool) -> str:
        if at is None:
            return NOTHING
        return self.say(phrase('{day}, late', day=self.moment(at))) if is_late else self.moment(at)

    def _skills(self, found: Sequence[SkillReport]) -> Part:
        columns = phrase('Skill'), phrase('How it stands'), phrase('Answers'), phrase('Shown last')
        rows = [
            (
                each.skill_name,
                self.say(LEVELS[each.mastery_level] if each.mastery_level else phrase('too early to say')),
                str(each.evidence_count),
                self.moment(each.last_demonstrated),
            )
            for each in found
        ]
        table = self._table(phrase('Skills'), columns, rows, (False, False, True, False))
        return Part(heading=self.say(phrase('Skills')), tables=(table,))

    def _feedback(self, found: Feedback, following: NextSteps) -> Iterable[Part]:
        if found.teacher_comments:
            by = self.say(phrase('Written by {name}', name=found.written_by))
            yield Part(heading=self.say(phrase('Comment')), typed=found.teacher_comments, by=by)
        parts: list[tuple[Phrase, Sequence[Phrase | str]]] = [
            (phrase('All strengths'), found.strengths if len(found.strengths) > 2 else ()),
            (phrase('All there is to work on'), found.improvements if len(found.improvements) > 1 else ()),
            (phrase('Reached'), found.achievements),
            (phrase('Behavior: suggestions'), found.recommendations.behavioral),
            (phrase('Beyond the course'), found.recommendations.enrichment),
            (phrase('What parents can do'), following.parent_actions),
            (phrase('Where to find support'), following.support_services),
        ]
        yield from (self._part(heading, items) for heading, items in parts if items)
        if found.action_items:
            columns = phrase('What is to be done'), phrase('Who'), phrase('By'), phrase('Priority')
            rows = [
                (
                    each.description,
                    self.say(DOERS[each.assigned_to]),
                    self.say(DONE) if each.is_done else self.day(each.due_date),
                    self.say(PRIORITIES[each.priority]),
                )
                for each in found.action_items
            ]
            table = self._table(phrase('What was agreed'), columns, rows, (False,) * 4)
            yield Part(heading=self.say(phrase('What was agreed')), tables=(table,))

    def _weeks(self, found: Sequence[WeekReport], *, has_picture: bool) -> Part:
        columns = phrase('Week from'), phrase('Study, min'), phrase('In class, min'), phrase('Steps done')
        rows = [
            (self.day(each.monday), str(each.study_minutes), str(each.class_minutes), str(each.steps_completed))
            for each in found
        ]
        table = self._table(phrase('Weeks'), columns, rows, (False, True, True, True))
        minutes = sum(each.study_minutes + each.class_minutes for each in found)
        hours = f'{minutes / 60:.1f}'
        finding = plural('{hours} hours in one week.', '{hours} hours in {count} weeks.', len(found), hours=hours)
        picture = Picture(
            finding=self.say(finding),
            alt=self.say(phrase('Bars for the minutes of each week. {finding}', finding=finding)),
            svg=drawing.weeks(found),
            begins=self.day(found[0].monday),
            ends=self.day(found[-1].monday),
            legend=(
                ('report-alone', self.say(phrase('on their own'))),
                ('report-class', self.say(phrase('in class'))),
            ),
            table=table,
        )
        return Part(
            heading=self.say(phrase('Weeks')), pictures=(picture,) if has_picture and minutes else (), tables=(table,)
        )

    def _way(self, found: Way) -> Picture:
        columns = phrase('Day'), phrase('Steps done'), phrase('Steps due')
        rows = [
            (self.day(each.day), NOTHING if each.done is None else str(each.done), str(each.due))
            for each in _thinned(found.points)
        ]
        legend = [('report-done', self.say(phrase('steps done')))]
        if found.points[-1].due:
            legend.append(('report-due', self.say(phrase('steps due'))))
        return Picture(
            finding=self.say(found.finding),
            alt=self.say(
                phrase(
                    'Two lines: steps done and steps due, of {all}. {finding}', all=found.steps, finding=found.finding
                )
            ),
            svg=drawing.way(found),
            begins=self.day(found.points[0].day),
            ends=self.day(found.points[-1].day),
            legend=tuple(legend),
            table=self._table(phrase('The way through the course'), columns, rows, (False, True, True)),
        )

    def _checkpoints(self, found: Sequence[CheckpointReport]) -> Part:
        columns = (
            *(phrase('Number'), phrase('Step'), phrase('Due'), phrase('Done')),
            *(phrase('Minutes'), phrase('Best score')),
        )
        rows = [
            (
                str(each.number),
                each.title,
                self.day(each.due_date),
                self.day(each.completed_on),
                str(each.minutes),
                _number(each.score),
            )
            for each in found
        ]
        table = self._table(phrase('Steps'), columns, rows, (True, False, False, False, True, True))
        return Part(heading=self.say(phrase('Steps')), tables=(table,))

    def _part(self, heading: Phrase, items: Sequence[Phrase | str]) -> Part:
        return Part(
            heading=self.say(heading),
            items=tuple(self.say(each) if isinstance(each, Phrase) else each for each in items),
        )

    def _table(
        self, caption: Phrase, columns: Sequence[Phrase], rows: Sequence[tuple[str, ...]], numbers: tuple[bool, ...]
    ) -> Table:
        return Table(
            caption=self.say(caption), columns=tuple(map(self.say, columns)), rows=tuple(rows), numbers=numbers
        )


def _number(score: int | None) -> str:
    return NOTHING if score is None else str(score)


def _percent(weight: float | None) -> str:
    return NOTHING if weight is None else f'{weight:g} %'


def _thinned(points: Sequence[WayPoint]) -> list[WayPoint]:
    """Return as many points as a table has room for, the first, the newest and the last among them."""
    apart = -(-len(points) // MOST_ROWS)
    newest = max((place for place, each in enumerate(points) if each.done is not None), default=0)
    kept = {*range(0, len(points), apart), newest, len(points) - 1}
    return [points[place] for place in sorted(kept)]
