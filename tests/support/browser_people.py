"""People in front of browsers, and what they do and see there."""

import re
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from services.access import Actor
from tests.factories.classes import ClassAtHand, a_class
from tests.support.running import Server, token_of

LAPTOP = {'width': 1366, 'height': 768}
PHONE = {'width': 390, 'height': 844}
PATIENCE = 60_000
"""milliseconds; nothing takes that long, but the machine may be busy with something else"""


class People:
    """Opens a browser profile for each person."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser = browser
        self._server = server
        self._profiles: list[BrowserContext] = []
        self.complaints: list[str] = []
        """errors of scripts on the pages they had open"""

    async def page(
        self,
        *,
        token: str = '',
        profile_of: Page | None = None,
        origin: str = '',
        phone: bool = False,
        dark: bool = False,
        time_zone: str | None = None,
        locale: str | None = None,
    ) -> Page:
        """Open the browser of a stranger, of somebody who is signed in with a token, or with the cookies of a page."""
        profile = await self._browser.new_context(
            base_url=origin or self._server.origin,
            storage_state=await profile_of.context.storage_state() if profile_of else None,
            viewport=PHONE if phone else LAPTOP,
            has_touch=phone,
            color_scheme='dark' if dark else 'light',
            reduced_motion='reduce',
            timezone_id=time_zone,
            locale=locale,
        )
        self._profiles.append(profile)
        if token:
            await profile.add_cookies([{'name': 'waymark', 'value': token, 'url': self._server.origin}])
        profile.set_default_timeout(PATIENCE)
        page = await profile.new_page()
        page.on('pageerror', lambda error: self.complaints.append(f'{page.url}: {error}'))
        return page

    async def learner(self) -> 'Learner':
        """A stranger with a phone."""
        return Learner(await self.page(phone=True))

    async def learner_in(self, klass: ClassAtHand, name: str = 'Lena Learner') -> 'Learner':
        """Somebody with a phone who is in a class already."""
        learner = await self.learner()
        await learner.joins_by_link(klass.code, name)
        return learner

    async def teacher(self, *, checkpoints: int = 3, title: str = 'Soil') -> 'Teacher':
        """The instructor of a class that has just begun, on the page with which they lead it."""
        async with self._server.at_hand():
            klass = await a_class(checkpoints=checkpoints, title=title, learners=())
        return await self.teacher_of(klass)

    async def teacher_of(self, klass: ClassAtHand) -> 'Teacher':
        """The instructor of a class, on the page with which they lead it."""
        async with self._server.at_hand():
            teacher = Teacher(await self.somebody(klass.teacher), klass, self)
        await teacher.opens_the_class()
        return teacher

    async def somebody(self, actor: Actor) -> Page:
        """Open the browser of somebody who is signed in; the server's database must be at hand."""
        return await self.page(token=await token_of(actor))

    async def go_home(self) -> None:
        """Close all browsers."""
        while self._profiles:
            await self._profiles.pop().close()


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody with a phone."""

    page: Page

    async def joins_by_code(self, code: str, name: str) -> None:
        await self.page.goto('/')
        await self.page.get_by_label('Your code').fill(f'{code[:3]} {code[3:]}'.lower())
        await self.page.get_by_role('button', name='Join').tap()
        await self._gives(name)

    async def joins_by_link(self, code: str, name: str) -> None:
        await self.joins_at(f'/j/{code}', name)

    async def joins_at(self, address: str, name: str) -> None:
        await self.page.goto(address)
        await self._gives(name)

    async def _gives(self, name: str) -> None:
        await self.page.get_by_label('Your name').fill(name)
        await self.page.get_by_role('button', name='Join').tap()
        await self._is_in()

    async def comes_back_with(self, code: str) -> None:
        """Type one's own code, on another device."""
        await self.page.goto('/')
        await self.page.get_by_label('Your code').fill(code)
        await self.page.get_by_role('button', name='Join').tap()
        await self._is_in()

    async def _is_in(self) -> None:
        await self.page.wait_for_url('**/class/*')
        await is_connected(self.page)

    async def own_code(self) -> str:
        """Return the code with which one comes back on another device."""
        return await self.page.locator('.own-code b').inner_text()

    @property
    def marker(self) -> Locator:
        """The one big button."""
        return self.page.locator('input.marker')

    @property
    def said(self) -> Locator:
        """The line next to the button."""
        return self.page.locator('.saved-line')

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role('heading', level=1)

    def checkpoint(self, title: str) -> Locator:
        """A checkpoint in the list of all checkpoints."""
        return self.page.get_by_role('radio', name=title)

    async def is_at(self, title: str) -> None:
        await expect(self.heading).to_have_text(title)
        await expect(self.marker).to_have_attribute('aria-label', f'Done: {title}')
        await expect(self.marker).not_to_be_checked()

    async def has_done(self, percent: int) -> None:
        await expect(self.page.get_by_role('img', name=f'You have done {percent} percent')).to_be_visible()

    async def taps(self) -> None:
        await self.marker.tap()

    async def takes_back(self) -> None:
        await self.page.get_by_role('button', name='Undo').tap()


@dataclass(frozen=True, slots=True)
class Projector:
    """What the whole room sees: rows of names and marks."""

    page: Page

    @property
    def names(self) -> Locator:
        """The names of the learners, from top to bottom; only those of rows and tiles."""
        return self.page.locator('.wall .wall-name')

    async def shows(self, count: int, word: str, number: int) -> None:
        """Check how many learners are somewhere with one checkpoint, the first of which is number 1."""
        mark = word.replace(' ', '-').removesuffix('-on-it')
        cells = self.page.locator(f'.wall-row:not(.wall-heads) > .wall-marks > :nth-child({number})')
        await expect(cells.and_(self.page.locator(f'.mark-{mark}, :has(.mark-{mark})'))).to_have_count(count)

    async def says(self, figure: str) -> None:
        """Check one of the figures above the rows."""
        await expect(self.page.locator('.projector-figures').get_by_text(figure, exact=True)).to_be_visible()


@dataclass(frozen=True, slots=True)
class Screen:
    """A page with the grid of a class: the instructor's."""

    page: Page

    @property
    def names(self) -> Locator:
        """The names of the learners, from top to bottom."""
        return self.page.locator('.ag-pinned-left-cols-container [col-id="n"]')

    async def cell(self, name: str, checkpoint: int) -> Locator:
        """The cell of one learner and one checkpoint."""
        row = self.page.locator('.ag-pinned-left-cols-container .ag-row').filter(has_text=name)
        key = await row.get_attribute('row-id')
        return self.page.locator(f'.ag-center-cols-container .ag-row[row-id="{key}"] [col-id="c{checkpoint}"]')

    async def shows(self, count: int, word: str, checkpoint: int) -> None:
        """Check how many learners are somewhere with one checkpoint."""
        cells = self.page.locator(f'.ag-center-cols-container [col-id="c{checkpoint}"]')
        await expect(cells.filter(has_text=re.compile(f'^{word}$'))).to_have_count(count)

    async def shows_in_order(self, *names: str) -> None:
        """Check who is above whom; AG Grid moves rows on the screen, not in the document."""
        for place, name in enumerate(names):
            row = self.page.locator('.ag-pinned-left-cols-container .ag-row').filter(has_text=name)
            await expect(row).to_have_attribute('row-index', str(place))

    async def says(self, figure: str) -> None:
        """Check one of the figures above the grid."""
        await expect(self.page.locator('.chip').get_by_text(figure, exact=True)).to_be_visible()

    async def chooses(self, option: str) -> None:
        """Take one of two or three choices that stand side by side."""
        await self.page.get_by_role('button', name=option, exact=True).click()


@dataclass(frozen=True, slots=True)
class Teacher(Screen):
    """Somebody with a laptop, on the page with which they lead a class."""

    klass: ClassAtHand
    people: People

    async def opens_the_class(self) -> None:
        await self.page.goto(f'/courses/{self.klass.course_id}/live')
        await is_connected(self.page)

    async def opens_the_projector(self) -> Projector:
        """Open it where the link leads, in a window of its own: Chromium hardly draws what is behind another tab."""
        address = await self.page.get_by_role('link', name='Projector').evaluate('link => link.href')
        projector = Projector(await self.people.page(profile_of=self.page))
        await projector.page.goto(address)
        await is_connected(projector.page)
        return projector

    async def shows_on_the_projector(self, names: str) -> None:
        """Choose by which names the projector knows the learners."""
        await self.page.get_by_role('combobox', name='Names on the projector').click()
        await self.page.get_by_role('option', name=names).click()

    async def leads_to(self, title: str) -> None:
        await self.page.get_by_label('Current step for everybody').click()
        await self.page.get_by_role('option', name=title).click()

    async def ends_the_class(self) -> None:
        await self.page.get_by_role('button', name='End the class').click()
        await self.page.get_by_role('dialog').get_by_role('button', name='End the class').click()
        await self.is_between_classes()

    async def is_between_classes(self) -> None:
        """Wait for the page to be loaded again; Chromium cannot close a page that is just being left."""
        await expect(self.page.get_by_role('button', name=re.compile('Start'))).to_be_visible()
        await is_connected(self.page)


async def is_connected(page: Page) -> None:
    """Wait until the page hears the server and takes input."""
    await page.wait_for_function('() => window.did_handshake === true && window.socket.connected')
    await expect(page.locator('#popup')).to_have_attribute('aria-hidden', 'true')


async def is_cut_off(page: Page) -> None:
    """Wait until the page has noticed that it hears nobody, and says so."""
    await expect(page.locator('#popup')).to_have_attribute('aria-hidden', 'false')
