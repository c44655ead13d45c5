"""How people get into a course: its code, as letters, picture, link and poster; and the button that starts a class."""

from nicegui import ui

from services.core.secrets import spell_code
from services.core.typesetting import Paper
from services.courses import catalog
from services.courses.catalog import CourseFacts
from services.live import sessions
from ui.courses.editor_context import Desk
from ui.kit.confirm import ask
from ui.kit.copy_link import copy_link
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.qr_picture import qr_html
from ui.kit.raw_element import Piece
from ui.kit.text import Text, named
from ui.shell.address import public_address
from ui.shell.paper import paper_links


class CourseCode:
    """The class code, and whether it lets people in."""

    def __init__(self, desk: Desk, facts: CourseFacts) -> None:
        self._desk = desk
        self._facts = facts
        with named(ui.element('section').classes('panel course-code'), _('Joining')):
            Text('p', _('Class code')).classes('hint')
            self._code = Text('p').classes('code-large').props('translate=no')
            self._how = Text('p').classes('hint')
            self._start = ui.button(on_click=gesture(self._open_class)).props('flat no-caps')
            with ui.element('div').classes('course-way') as self._way:
                self._picture = Piece('div')
                self._copy = ui.element('div').classes('grow')
            with ui.element('div').classes('line course-poster') as self._poster:
                paper_links(_('Poster to print'), f'/courses/{facts.course_id}/poster.pdf', tuple(Paper))
            with ui.element('div').classes('line'):
                ui.button(_('New code'), on_click=self._ask_to_renew).props('flat no-caps').classes(
                    'button-quiet button-bare'
                )
                self._switch = ui.button(on_click=gesture(self._open_or_close)).props('flat no-caps')
                self._switch.classes('button-quiet button-bare')
        self._link = ''
        self.show(facts, is_empty=False)

    def show(self, facts: CourseFacts, *, is_empty: bool) -> None:
        """Show the code as it is now; a course without checkpoints has something else to do first."""
        self._facts = facts
        self._code.set_text(spell_code(facts.code))
        self._code.classes(add='' if facts.code_open else 'code-closed', remove='code-closed')
        self._how.set_text(self._explain(facts))
        self._show_link(facts)
        self._switch.set_text(_('Close joining') if facts.code_open else _('Open joining'))
        self._start.set_text(_('Open the class') if facts.is_running else _('Start the class'))
        look = 'button-quiet' if is_empty or facts.is_archived else 'button-primary'
        self._start.classes(add=f'{look} button-wide', remove='button-quiet button-primary')

    def _show_link(self, facts: CourseFacts) -> None:
        """Show the address that leads right into the course, while it lets people in."""
        leads_in = facts.code_open and not facts.is_archived
        self._way.visible = self._poster.visible = leads_in
        link = f'{public_address(self._desk.request)}/j/{facts.code}'
        if leads_in and link != self._link:
            self._link = link
            self._picture.draw_html(qr_html(link))
            self._copy.clear()
            with self._copy:
                copy_link(self._desk.request, link)

    def _explain(self, facts: CourseFacts) -> str:
        if facts.is_archived:
            return _('Nobody can join while the course is archived.')
        if not facts.code_open:
            return _('Joining is closed. Learners who are in stay in.')
        address = public_address(self._desk.request).partition('://')[2]
        return _('Learners open {address} and type this code.', address=address)

    async def _open_class(self) -> None:
        if not self._facts.is_running:
            await self._desk.change(sessions.start, self._desk.course_id)
        ui.navigate.to(f'/courses/{self._desk.course_id}/live')

    async def _open_or_close(self) -> None:
        is_open = not self._facts.code_open
        await self._desk.change(catalog.open_code, self._desk.course_id, is_open=is_open)
        self._desk.say(_('Joining is open') if is_open else _('Joining is closed'))

    def _ask_to_renew(self) -> None:
        ask(
            _('Give this course a new code?'),
            _('The old one leads nowhere from then on. Learners who are in stay in.'),
            yes=_('Renew the code'),
            then=self._renew,
        )

    async def _renew(self) -> None:
        code = await self._desk.change(catalog.renew_code, self._desk.course_id)
        self._desk.say(_('The new code is {code}', code=spell_code(code)))
