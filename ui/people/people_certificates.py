"""The certificates of the people of a course: who has one, issued again, or taken back."""

from collections.abc import Mapping
from functools import partial

from nicegui import ui

from services.certificates import reissuing
from services.certificates.holders import Holder
from services.people.participants import Participant
from ui.courses.editor_context import Desk
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.menu import Choice
from ui.kit.text import Text
from ui.people.people_dialogs import ask_for_printed_name


class PeopleCertificates:
    """What the list of people shows and offers of certificates."""

    def __init__(self, desk: Desk, dialogs: ui.element) -> None:
        self._desk = desk
        self._dialogs = dialogs
        self.certified: Mapping[int, Holder] = {}
        """Who has completed the course, by user id."""

    def chip(self, person: Participant) -> None:
        """Draw the way to somebody's certificate, if they have one."""
        holder = self.certified.get(person.user_id)
        if holder is None:
            return
        with ui.element('div').classes('person-certificate'):
            if holder.serial:
                link = ui.link(_('certificate'), f'/certificates/{holder.serial}').classes('chip chip-joy')
                link.props['aria-label'] = _('Certificate of {person}', person=person.name)
            else:
                Text('span', _('certificate taken back')).classes('chip')

    def choices(self, person: Participant) -> list[Choice]:
        """Return what can be done about somebody's certificate."""
        holder = self.certified.get(person.user_id)
        if holder is None:
            return []
        again: Choice = (_('Issue the certificate again'), partial(self._ask_for_name, person, holder))
        if holder.serial is None:
            return [again]
        return [again, (_('Take the certificate back'), partial(gesture(self._revoke), person, holder))]

    def _ask_for_name(self, person: Participant, holder: Holder) -> None:
        with self._dialogs:
            ask_for_printed_name(person.name, holder.name, partial(self._issue_again, person))

    async def _issue_again(self, person: Participant, name: str) -> None:
        ids = {'user_id': person.user_id}
        await self._desk.change(reissuing.issue_again, self._desk.course_id, **ids, name=name)
        self._desk.say(_('{person} has a new certificate', person=person.name))

    async def _revoke(self, person: Participant, holder: Holder) -> None:
        await self._desk.change(reissuing.revoke, self._desk.course_id, user_id=person.user_id)
        undo = partial(self._issue_again, person, holder.name)
        said = _('The certificate of {person} is not valid now', person=person.name)
        self._desk.snackbar.show(said, undo)
