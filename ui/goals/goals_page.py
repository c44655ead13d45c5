"""`/goals`: a learner's weekly goals, personal goals and points."""

from collections.abc import Awaitable, Sequence
from functools import partial

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.goals import closed_weeks, personal, weekly
from services.goals.personal import OwnGoal, OwnMilestone, Wish
from services.goals.status import Outlook
from services.motivation import leaderboard, standing
from ui.goals.achievements import achievements_section
from ui.goals.goal_dialog import ask_for_goal
from ui.goals.leaderboard import LeaderboardSection
from ui.goals.week_line import outlook_words
from ui.goals.weekly_goals import WeeklyGoals
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.menu import Choice, more_button, opens_menu
from ui.kit.snackbar import Snackbar
from ui.kit.text import Text, heading, title
from ui.kit.time_format import foreign
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit

MARKS = {
    Outlook.ON_TRACK: 'text-working',
    Outlook.AT_RISK: 'text-stuck',
    Outlook.ACHIEVED: 'text-done',
    Outlook.MISSED: 'text-not-yet',
}


def create() -> None:
    """Declare the page."""

    @page('/goals', title='Your goals')
    async def goals(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        weeks = await database.read(weekly.weeks, actor)
        past = await database.read(closed_weeks.own, actor)
        own = await database.read(personal.own, actor)
        stands = await database.read(standing.own, actor)
        boards = await database.read(leaderboard.all_own, actor)
        with frame(visit):
            way_back(_('Your courses'), '/')
            title(_('Your goals'))
            if weeks:
                WeeklyGoals(actor, weeks, past)
            GoalsPage(actor, {id_: week.title for id_, week in weeks.items()}, own)
            achievements_section(stands, foreign(actor.zone))
            LeaderboardSection(actor, boards)
        return None


class GoalsPage:
    """The personal goals of a learner."""

    def __init__(self, actor: Actor, courses: dict[int, str], goals: Sequence[OwnGoal]) -> None:
        self._actor = actor
        self._courses = courses
        self._snackbar = Snackbar()
        with ui.element('section').classes('stack-tight') as section:
            section.props['aria-label'] = _('Your own goals')
            with ui.element('div').classes('spread'):
                heading(_('Your own goals'))
                ui.button(_('New goal'), on_click=self._ask_for_new).props('flat no-caps').classes('button-primary')
            Text('p', _('Only you see them.')).classes('hint')
            self._list = ui.element('ul').classes('list')
        self._dialogs = ui.element('div')  # a menu that closes deletes what was opened inside it
        self.refresh(goals)

    def refresh(self, goals: Sequence[OwnGoal]) -> None:
        """Show the goals."""
        self._list.clear()
        with self._list:
            for goal in goals:
                self._row(goal)

    def _row(self, goal: OwnGoal) -> None:
        wish = goal.wish
        with ui.element('li').classes('note'):
            with ui.element('div').classes('note-head'):
                Text('span', wish.title).classes('person-name')
                Text('span', outlook_words(goal.outlook)).classes(f'goal-outlook {MARKS[goal.outlook]}')
                if wish.due_on:
                    day = f'{wish.due_on:%-d %B %Y}'
                    Text('span', _('by {day}', day=day)).classes('hint')
                if goal.course_title:
                    Text('bdi', goal.course_title).classes('hint')
                more = more_button()
                more.props['aria-label'] = _('More for {goal}', goal=wish.title)
                opens_menu(more, lambda: self._choices(goal))
            for milestone in wish.milestones:
                self._milestone(goal, milestone)

    def _milestone(self, goal: OwnGoal, milestone: OwnMilestone) -> None:
        words = milestone.title
        if milestone.due_on:
            day = f'{milestone.due_on:%-d %B %Y}'
            words = _('{milestone} (by {day})', milestone=milestone.title, day=day)
        box = ui.checkbox(words, value=milestone.reached_at is not None).props('dir=auto')
        box.on_value_change(lambda event: reach(bool(event.value)))

        @gesture
        async def reach(reached: bool) -> None:
            id_ = milestone.milestone_id or 0
            verb = database.write(personal.reach, self._actor, goal.goal_id, milestone_id=id_, reached=reached)
            await self._change(verb)

    def _choices(self, goal: OwnGoal) -> list[Choice]:
        achieved = goal.achieved_at is not None
        word = _('Not achieved after all') if achieved else _('Achieved')
        return [
            (word, partial(gesture(self._achieve), goal, not achieved)),
            (_('Edit'), partial(self._ask_for_change, goal)),
            (_('Delete'), partial(gesture(self._delete), goal)),
        ]

    def _ask_for_new(self) -> None:
        with self._dialogs:
            ask_for_goal(_('New goal'), Wish(title=''), self._courses, self._add)

    def _ask_for_change(self, goal: OwnGoal) -> None:
        own = {goal.wish.course_id: goal.course_title} if goal.wish.course_id else {}
        with self._dialogs:
            ask_for_goal(_('Edit the goal'), goal.wish, own | self._courses, partial(self._edit, goal))

    async def _add(self, wish: Wish) -> None:
        await self._change(database.write(personal.add, self._actor, wish=wish))

    async def _edit(self, goal: OwnGoal, wish: Wish) -> None:
        await self._change(database.write(personal.edit, self._actor, goal.goal_id, wish=wish))

    async def _achieve(self, goal: OwnGoal, achieved: bool) -> None:
        await self._change(database.write(personal.achieve, self._actor, goal.goal_id, achieved=achieved))
        if achieved:
            self._snackbar.show(_('Achieved. Well done!'), partial(self._achieve, goal, False))

    async def _delete(self, goal: OwnGoal) -> None:
        deleted = await database.write(personal.delete, self._actor, goal.goal_id)
        await self._look_again()
        self._snackbar.show(_('Deleted'), partial(self._restore, deleted))

    async def _restore(self, deleted: OwnGoal) -> None:
        await self._change(database.write(personal.restore, self._actor, deleted=deleted))

    async def _change(self, writing: Awaitable[object]) -> None:
        try:
            await writing
        finally:
            await self._look_again()

    async def _look_again(self) -> None:
        self.refresh(await database.read(personal.own, self._actor))
