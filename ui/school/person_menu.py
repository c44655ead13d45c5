"""What an admin does with one person: another role, switching off and on, signing out everywhere."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from nicegui import ui

from services.access import Actor
from services.accounts import administration
from services.accounts.administration import Account
from services.core import database
from services.enums import Role
from ui.kit.confirm import ask
from ui.kit.handlers import gesture, tell
from ui.kit.language import Spoken, _
from ui.kit.menu import Choice, more_button, opens_menu
from ui.school.erasure_dialogs import ask_for_hold, ask_to_erase

ROLES: Mapping[Role, str] = Spoken(
    {
        Role.STUDENT: lambda: _('learns'),
        Role.INSTRUCTOR: lambda: _('teaches'),
        Role.PARENT: lambda: _('parent'),
        Role.ADMIN: lambda: _('admin'),
    }
)


class PersonMenu:
    """The button beside a person, and what its menu does."""

    def __init__(self, actor: Actor, person: Account, changed: Callable[[], Awaitable[None]]) -> None:
        self._actor = actor
        self._person = person
        self._changed = changed
        more = more_button()
        more.props['aria-label'] = _('More for {person}', person=person.name)
        opens_menu(more, self._choices)

    def _choices(self) -> list[Choice]:
        person = self._person
        roles: list[tuple[Role, str]] = [
            (Role.STUDENT, _('Make a student')),
            (Role.INSTRUCTOR, _('Make an instructor')),
            (Role.ADMIN, _('Make an admin')),
        ]
        other: list[Choice] = [
            (words, partial(self._ask_for_role, role)) for role, words in roles if role is not person.role
        ]
        switch: Choice = (
            (_('Switch the account on'), gesture(self._enable))
            if person.is_disabled
            else (_('Switch the account off'), self._ask_to_disable)
        )
        if person.role is Role.STUDENT and not person.is_guest:
            other.insert(0, (_('Parents'), lambda: ui.navigate.to(f'/people/{person.user_id}/parents')))
        return [
            *([] if person.is_guest else other),
            (_('Sign out everywhere'), gesture(self._sign_out)),
            *(
                [(_('Remove the second factor'), self._ask_to_reset)]
                if person.has_second_factor and person.user_id != self._actor.user_id
                else []
            ),
            switch,
            (_('Keep the data by law'), partial(ask_for_hold, self._actor, person.user_id, person.name)),
            (_('Erase'), partial(ask_to_erase, self._actor, person.user_id, person.name, self._changed)),
        ]

    def _ask_for_role(self, role: Role) -> None:
        ask(
            _('Give {person} another role?', person=self._person.name),
            _('They are signed out everywhere, and sign in again with the new role.'),
            yes=_('Change the role'),
            then=partial(self._change_role, role),
        )

    def _ask_to_disable(self) -> None:
        ask(
            _('Switch the account of {person} off?', person=self._person.name),
            _('They are signed out everywhere and cannot sign in. What they did is kept.'),
            yes=_('Switch off'),
            then=self._disable,
        )

    def _ask_to_reset(self) -> None:
        ask(
            _('Remove the second factor of {person}?', person=self._person.name),
            _(
                'Do this when they have lost their phone and their recovery codes, and you are sure that they ask '
                'themselves. They are signed out everywhere, and see that it was you.'
            ),
            yes=_('Remove'),
            then=self._reset,
        )

    async def _reset(self) -> None:
        await database.write(administration.reset_second_factor, self._actor, user_id=self._person.user_id)
        await self._say(_('The second factor of {person} is removed.', person=self._person.name))

    async def _change_role(self, role: Role) -> None:
        await database.write(administration.change_role, self._actor, user_id=self._person.user_id, role=role)
        await self._say(_('{person} has a new role.', person=self._person.name))

    async def _disable(self) -> None:
        await database.write(administration.disable, self._actor, user_id=self._person.user_id)
        await self._say(_('The account of {person} is switched off.', person=self._person.name))

    async def _enable(self) -> None:
        await database.write(administration.enable, self._actor, user_id=self._person.user_id)
        await self._say(_('{person} can sign in again.', person=self._person.name))

    async def _sign_out(self) -> None:
        await database.write(administration.sign_out, self._actor, user_id=self._person.user_id)
        await self._say(_('{person} is signed out everywhere.', person=self._person.name))

    async def _say(self, sentence: str) -> None:
        tell(sentence)
        await self._changed()
