"""`/courses/{course_id}/live`: the instructor in class. Who is where, and can we move on?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.core import clock, database
from services.core.errors import NotFound
from services.core.phrases import Phrase
from services.core.secrets import spell_code
from services.enums import NameDisplay
from services.live import class_access, course_head, rooms, sessions
from services.live.board import help_views, view_builders
from services.live.board.views import Names
from services.live.course_head import CourseHead
from services.live.replay import result as replay_result
from services.live.room import Room
from services.people import guest_limits
from ui.kit import confirm
from ui.kit.group_filter import GroupFilter, asked_group, chosen_group
from ui.kit.handlers import gesture
from ui.kit.key_sheet import key_sheet
from ui.kit.language import _, for_reader, say
from ui.kit.legend import legend
from ui.kit.text import Text, heading, title
from ui.live import bell
from ui.live.class_result import ClassResult
from ui.live.class_screen import ClassScreen
from ui.live.class_signal import ClassSignal
from ui.live.guest_limit import GuestLimit
from ui.live.learner_panel import LearnerPanel
from ui.live.needs_you import NeedsYou
from ui.live.pace import Pace
from ui.live.past_questions import prepare_questions
from ui.live.question_panel import QuestionPanel
from ui.live.question_panel import key_rows as question_keys
from ui.live.steering import Steering, key_rows, steer_by_keys
from ui.live.way_in import WayIn
from ui.shell.address import public_address
from ui.shell.course_frame import CourseTop, Tab, course_frame
from ui.shell.frame import title_page
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""
    bell.register()

    @page('/courses/{course_id:id}/live', title='Class')
    async def live(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        try:
            unsaved = await class_access.open_page(actor, course_id)
        except NotFound:
            await database.read(class_access.place, actor, course_id)
            return RedirectResponse(f'/class/{course_id}', status_code=303)
        room = await rooms.enter(course_id)
        head = await database.read(course_head.of_course, actor, course_id)
        if room.board.is_running:
            limits = await database.read(guest_limits.told, actor, course_id)
            group = chosen_group(visit.request, view_builders.groups(room.board))
            _class(visit, room, actor, head, group, _Told(limits=limits, unsaved=unsaved))
        elif session := room.board.session:
            group = asked_group(visit.request)
            result = await database.read(replay_result.of_class, actor, course_id, session.session_id, group=group)
            await prepare_questions(result.questions)
            if group and group not in result.groups:
                return RedirectResponse(f'/courses/{course_id}/live', status_code=303)
            _between_classes(visit, room, head, unsaved, lambda: ClassResult(course_id, result, group))
        else:
            _between_classes(visit, room, head, unsaved, _first_class)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What those who teach are told above the class."""

    limits: Sequence[Phrase]
    unsaved: Phrase | None
    """why nothing is saved at the moment"""


def _class(visit: Visit, room: Room, actor: Actor, head: CourseHead, group: str, told: _Told) -> None:
    running = _Clock(room)

    def draw_actions() -> None:
        running.draw()
        address = f'/courses/{room.board.course_id}/projector'
        ui.link(_('Projector'), address, new_tab=True).classes('button-primary')
        end = ui.button(_('End the class'), on_click=lambda: _ask_to_end(room, actor)).props('flat no-caps')
        end.classes('button-danger')

    top = CourseTop(visit, head, Tab.LIVE, draw_actions, tag='h1')
    with ui.element('div').classes('page-full live'):
        with _aside('live-side stack', _('Lead the class')):
            _say_why_not_saved(told.unsaved)
            steering = Steering(room, actor)
            pace = Pace(room, actor, steering)
            ClassSignal(room)
            QuestionPanel(room, actor)
            show_code = _names_and_code(room, actor)
            GuestLimit(actor, room.board.course_id, told.limits)
            legend(with_presence=True)
            key_sheet(lambda: [*question_keys(), *key_rows()])

        def steered() -> None:
            if room.board.is_running:
                pace.refresh()
                show_code()
            else:
                ui.navigate.reload()

        way_in = WayIn(room, public_address(visit.request))
        _grid_and_learner(room, actor, way_in, group, for_reader(steered))
    _show_who_waits(room, top)
    steer_by_keys(steering, lambda: pace.reason)

    def tick() -> None:
        running.show()
        pace.tick()

    ui.timer(1.0, tick)


def _grid_and_learner(room: Room, actor: Actor, way_in: WayIn, group: str, steered: Callable[[], None]) -> None:
    """Draw the grid, and beside it who needs the instructor or the one learner who is picked."""

    @gesture
    async def pick_row(key: str) -> None:
        await panel.open_row(key, back=screen.focus_again)

    @gesture
    async def pick(user_id: int) -> None:
        await panel.open(user_id, back=needs.focus)

    @gesture
    async def pick_named() -> None:
        await panel.open_named(screen.find.value or '', back=lambda: screen.find.run_method('focus'))

    def regroup(chosen: str) -> None:
        screen.show_group(chosen)
        needs.show_group(chosen)

    def moved() -> None:
        choice.offer(view_builders.groups(room.board))
        steered()

    screen = ClassScreen(
        room, actor, lambda: Names.TEACHER, on_class=moved, on_pick=pick_row, way_in=way_in, group=group
    )
    with screen.ways:
        address = f'/courses/{room.board.course_id}/live'
        choice = GroupFilter(address, view_builders.groups(room.board), group, regroup)
    with _aside('live-side live-look stack', _('Needs you')):
        needs = NeedsYou(room, actor, on_name=pick, group=group)
        panel: LearnerPanel = LearnerPanel(room, actor, instead=needs.section)
    screen.find.on('keydown.enter', pick_named, args=[[]])


def _aside(look: str, label: str) -> ui.element:
    aside = ui.element('aside').classes(look)
    aside.props['aria-label'] = label
    return aside


def _names_and_code(room: Room, actor: Actor) -> Callable[[], object]:
    """Draw which names the projector is sent, and the code of the class; returns what shows the code again."""
    board = room.board
    heading(_('Names on the projector'))
    names = ui.select(
        _names(),
        value=board.session.names if board.session else None,
        on_change=gesture(lambda event: database.write(sessions.set_names, actor, board.course_id, event.value)),
    ).props('outlined dense')
    names.props['aria-label'] = _('Names on the projector')
    heading(_('Join code'))
    code = Text('p', spell_code(board.code)).classes('title number').props('translate=no')

    def show() -> None:
        code.set_text(spell_code(room.board.code))

    return show


def _names() -> dict[NameDisplay, str]:
    return {
        NameDisplay.ALIAS: _('Animal aliases'),
        NameDisplay.INITIALS: _('Initials'),
        NameDisplay.FIRST_NAME: _('First names'),
        NameDisplay.FULL: _('Full names'),
    }


def _show_who_waits(room: Room, top: CourseTop) -> None:
    """Say above the page, and in the title of the browser's tab, how many wait for help: a raised hand is seen from
    other tabs, too."""
    client = ui.context.client
    shown: tuple[int, str] | None = None

    def show() -> None:
        nonlocal shown
        waiting, course = help_views.how_many(room.board), room.board.title
        if (waiting, course) != shown:
            shown = waiting, course
            with client:
                top.show_title(course)
                top.show_waiting(waiting)
                title_page(*([f'✋{waiting}'] if waiting else []), course)

    client.on_delete(room.screens.watch_help(for_reader(show)))
    show()


class _Clock:
    """Says how long the class has been on."""

    def __init__(self, room: Room) -> None:
        self._session = room.board.session

    def draw(self) -> None:
        """Draw it."""
        self._shown = Text('span').classes('chip chip-live number')
        self.show()

    def show(self) -> None:
        """Show how long it is now."""
        seconds = int((clock.now() - self._session.started_at).total_seconds()) if self._session else 0
        time = f'{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}'
        self._shown.set_text(_('live {time}', time=time))


def _ask_to_end(room: Room, actor: Actor) -> None:
    async def end() -> None:
        await database.write(sessions.end, actor, room.board.course_id)

    confirm.ask(
        _('End the class?'),
        _('From then on taps do not count. What was done is kept, and you can hold the next class at any time.'),
        yes=_('End the class'),
        no=_('Go on'),
        then=end,
    )


def _between_classes(
    visit: Visit, room: Room, head: CourseHead, unsaved: Phrase | None, draw: Callable[[], object]
) -> None:
    """Draw what there is to see while no class is on, and the way to the next one."""
    board = room.board

    async def start() -> None:
        await database.write(sessions.start, visit.actor, board.course_id)
        ui.navigate.reload()

    with course_frame(visit, head, Tab.LIVE):
        _say_why_not_saved(unsaved)
        draw()
        with ui.element('div').classes('line'):
            words = _('Start another class') if board.session else _('Start the class')
            button = ui.button(words, on_click=gesture(start)).props('flat no-caps')
            button.classes('button-quiet' if board.session else 'button-primary')


def _say_why_not_saved(unsaved: Phrase | None) -> None:
    if unsaved:
        Text('p', say(unsaved)).classes('notice-problem').props('role=alert')


def _first_class() -> None:
    title(_('No class yet'))
    Text('p', _('Start it when you are ready. Then you see here who is there, and how far everybody is.'))
