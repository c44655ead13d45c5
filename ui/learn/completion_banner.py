"""The banner of a completed course: congratulations at first, later a link to the certificate."""

from collections.abc import Sequence
from html import escape

from nicegui import background_tasks, ui

from services.access import Actor
from services.certificates import lookup
from services.certificates.lookup import Own
from services.core import audience, database, hub
from services.core.events import CertificatePrinted, Event, Recorded
from services.enums import Verb
from ui.kit.handlers import gesture
from ui.kit.language import _, for_reader
from ui.kit.raw_element import Piece


class Joy:
    """Empty until the learner completes the course; then congratulations; on later visits a line with a link.

    It appears at once on all open pages of the learner, also if they complete the course on another device.
    """

    def __init__(self, actor: Actor, course_id: int, certificate: Own | None) -> None:
        self._actor = actor
        self._course_id = course_id
        self._is_now = False
        self._piece = Piece('section')
        self._piece.draw({'role': 'status', 'dir': 'auto'})
        about = audience.of_learner(course_id, actor.user_id)
        ui.context.client.on_delete(hub.watch(about, for_reader(self._happened)))
        self._show(certificate)

    async def look_again(self) -> None:
        """Read the certificate, and show it if there is one."""
        self._show(await database.read(lookup.for_course, self._actor, self._course_id))

    def _happened(self, events: Sequence[Event]) -> None:
        verbs = {event.verb for event in events if isinstance(event, Recorded)}
        self._is_now = self._is_now or Verb.COURSE_COMPLETED in verbs
        is_printed = any(isinstance(event, CertificatePrinted) for event in events)
        if is_printed or not verbs.isdisjoint({Verb.COURSE_COMPLETED, Verb.CERTIFIED}):
            background_tasks.create(gesture(self.look_again)(), name='joy', context=self._piece.client)

    def _show(self, certificate: Own | None) -> None:
        if certificate is None and not self._is_now:
            self._piece.draw_html('', classes='joy-not-yet')
        elif certificate is None:  # a course that gives none
            self._congratulate(_without_html())
        elif not self._is_now:
            self._piece.draw_html(_quiet_html(certificate), classes='completed-line')
        else:
            self._congratulate(_html(certificate))

    def _congratulate(self, html: str) -> None:
        if html != self._piece.props.get('innerHTML'):
            appears = 'joy' not in self._piece.classes
            self._piece.draw_html(html, classes='joy')
            if appears:
                self._piece.run_method('scrollIntoView', {'block': 'center'})


def _html(certificate: Own) -> str:
    links = f'<a class="button-primary" href="{_address(certificate)}">{_("Your certificate")}</a>'
    if certificate.is_printed:
        links += f'<a class="button-quiet" href="{_address(certificate)}.pdf">{_("PDF")}</a>'
    else:
        links += f'<span class="hint">{_("The PDF is being made and appears here by itself.")}</span>'
    title = f'<bdi><b>{escape(certificate.course_title)}</b></bdi>'
    completed = _('You have completed every step of “{course}”.', course=title)
    return f'<p class="joy-title">{_("Congratulations!")}</p><p>{completed}</p><div class="line">{links}</div>'


def _without_html() -> str:
    completed = _('You have completed every step of this course.')
    return f'<p class="joy-title">{_("Congratulations!")}</p><p>{completed}</p>'


def _quiet_html(certificate: Own) -> str:
    link = f'<a class="button-primary" href="{_address(certificate)}">{_("Your certificate")}</a>'
    return f'<span class="hint">{_("You have completed this course.")}</span>{link}'


def _address(certificate: Own) -> str:
    return f'/certificates/{certificate.serial}'
