"""The badges of a course, for those who teach it: what they are given for, and who would have them today."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.enums import BadgeIcon, PointReason
from services.motivation import icons, made_badges
from services.motivation.criteria import Span
from services.motivation.given_badges import Badge
from services.motivation.made_badges import LONGEST_DESCRIPTION, LONGEST_NAME, MOST_POINTS, MOST_TIMES, Wish
from ui.goals.badge_words import counted_words, deeds_words, icon_words, span_words
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece
from ui.kit.text import Text, heading, hint

Keep = Callable[[Wish], Awaitable[object]]


class BadgesOfCourse:
    """The badges that were made for a course, and the way to more."""

    def __init__(self, actor: Actor, course_id: int, badges: Sequence[Badge]) -> None:
        self._actor, self._course_id = actor, course_id
        with ui.element('section').classes('stack-tight') as section:
            section.props['aria-label'] = _('Badges of this course')
            with ui.element('div').classes('spread'):
                heading(_('Badges of this course'))
                new = ui.button(_('New badge'), on_click=self._ask_for_new).props('flat no-caps')
                new.classes('button-quiet')
            hint(_('Beside the six that every course has. What is done from now on counts for a new badge.'))
            self._list = ui.element('ul').classes('badges')
        self._dialogs = ui.element('div')
        self._show(badges)

    def _show(self, badges: Sequence[Badge]) -> None:
        self._list.clear()
        with self._list:
            for badge in badges:
                self._line(badge)

    def _line(self, badge: Badge) -> None:
        wish = _wish(badge)
        with ui.element('li').classes('badge-line'):
            Piece('span').draw_html(icons.svg(badge.icon), classes='badge-picture')
            with ui.element('div').classes('grow'):
                Text('p', wish.name).classes('person-name').props('dir=auto')
                Text('p', criteria_words(wish)).classes('hint')
                with ui.element('div').classes('line'):
                    edit = ui.button(_('Edit'), on_click=partial(self._ask_for_change, badge)).props('flat no-caps')
                    edit.classes('button-quiet button-bare').props['aria-label'] = _('Edit {badge}', badge=wish.name)
                    gone = ui.button(_('Delete'), on_click=partial(gesture(self._delete), badge)).props('flat no-caps')
                    gone.classes('button-quiet button-bare').props['aria-label'] = _('Delete {badge}', badge=wish.name)

    def _ask_for_new(self) -> None:
        with self._dialogs:
            BadgeDialog(_('New badge'), Wish(name=''), self._preview, self._add)

    def _ask_for_change(self, badge: Badge) -> None:
        with self._dialogs:
            BadgeDialog(_('Edit the badge'), _wish(badge), self._preview, partial(self._edit, badge))

    async def _preview(self, wish: Wish) -> int:
        return await database.read(made_badges.preview, self._actor, self._course_id, wish=wish)

    async def _add(self, wish: Wish) -> None:
        await database.write(made_badges.add, self._actor, self._course_id, wish=wish)
        await self._look_again()

    async def _edit(self, badge: Badge, wish: Wish) -> None:
        await database.write(made_badges.edit, self._actor, self._course_id, badge.badge_id, wish=wish)
        await self._look_again()

    async def _delete(self, badge: Badge) -> None:
        await database.write(made_badges.delete, self._actor, self._course_id, badge.badge_id)
        await self._look_again()
        tell(_('Deleted. Who has it keeps it.'))

    async def _look_again(self) -> None:
        self._show(await database.read(made_badges.of_course, self._actor, self._course_id))


class BadgeDialog:
    """A small form, which says who would have the badge today."""

    def __init__(self, title: str, wish: Wish, preview: Callable[[Wish], Awaitable[int]], keep: Keep) -> None:
        self._preview, self._keep = preview, keep
        with ui.dialog(value=True) as self._dialog, ui.card().classes('dialog-wide'):
            Text('h2', title).classes('heading')
            self._name = ui.input(_('Name'), value=wish.name).props(
                f'outlined autofocus dir=auto maxlength={LONGEST_NAME}'
            )
            self._description = ui.input(_('Description'), value=wish.description)
            self._description.props(f'outlined dir=auto maxlength={LONGEST_DESCRIPTION}')
            with ui.element('div').classes('motivation-line'):
                self._at_least = ui.input(_('At least'), value=str(wish.at_least))
                self._at_least.props(f'outlined type=number min=1 max={MOST_TIMES}').classes('goal-number')
                self._reason = ui.select(counted_words(), label=_('What counts'), value=wish.reason)
                self._reason.props('outlined').classes('grow')
                self._within = ui.select(span_words(), label=_('Time'), value=wish.within)
                self._within.props('outlined').classes('grow')
            with ui.element('div').classes('motivation-line'):
                self._points = ui.input(_('Points'), value=str(wish.points))
                self._points.props(f'outlined type=number min=0 max={MOST_POINTS}').classes('goal-number')
                self._icon = ui.select(icon_words(), label=_('Picture'), value=wish.icon)
                self._icon.props('outlined').classes('grow')
                self._picture = Piece('span')
            self._said = hint('').props('role=status')
            with ui.element('div').classes('line'):
                ui.button(_('Save'), on_click=gesture(self._save)).props('flat no-caps').classes('button-primary')
                look = ui.button(_('Who would have it?'), on_click=gesture(self._look)).props('flat no-caps')
                look.classes('button-quiet')
                cancel = ui.button(_('Cancel'), on_click=self._dialog.close).props('flat no-caps')
                cancel.classes('button-quiet button-bare')
        self._dialog.props['aria-label'] = title
        self._dialog.on('hide', self._dialog.delete)
        self._icon.on_value_change(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._picture.draw_html(icons.svg(BadgeIcon(self._icon.value)), classes='badge-picture')

    def _wish(self) -> Wish:
        return Wish(
            name=self._name.value or '',
            description=self._description.value or '',
            icon=BadgeIcon(self._icon.value),
            points=_number(self._points.value),
            reason=PointReason(self._reason.value),
            within=Span(self._within.value),
            at_least=_number(self._at_least.value),
        )

    async def _look(self) -> None:
        count = await self._tried(self._preview)
        if count is not None:
            self._said.set_text(
                ngettext(
                    '{count} learner would have it today. What is done from now on counts.',
                    '{count} learners would have it today. What is done from now on counts.',
                    count,
                )
            )

    async def _save(self) -> None:
        if await self._tried(self._kept):
            self._dialog.close()

    async def _kept(self, wish: Wish) -> int:
        await self._keep(wish)
        return 1

    async def _tried(self, do: Callable[[Wish], Awaitable[int]]) -> int | None:
        fields = {'name': self._name, 'description': self._description, 'points': self._points}
        for field in (*fields.values(), self._at_least):
            field.error = None
        try:
            return await do(self._wish())
        except Invalid as refusal:
            fields.get(refusal.field or '', self._at_least).error = say(refusal)
            return None


def criteria_words(wish: Wish) -> str:
    """Return what a badge is given for, and how many points it is worth."""
    words = deeds_words(wish.reason, wish.within, wish.at_least)
    return ngettext('{criteria} · {count} point', '{criteria} · {count} points', wish.points, criteria=words)


def _wish(badge: Badge) -> Wish:
    criteria = badge.criteria
    return Wish(
        name=say(badge.name),
        description=say(badge.description),
        icon=badge.icon,
        points=badge.points,
        reason=criteria.when[0],
        within=criteria.within,
        at_least=criteria.at_least,
    )


def _number(typed: str | None) -> int:
    digits = (typed or '').strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else -1
