"""The list of a learner's own certificates."""

from collections.abc import Sequence

from nicegui import ui

from services.certificates.lookup import Own
from services.certificates.pdf import day
from ui.kit.language import _
from ui.kit.text import heading, hint


def own_certificates(certificates: Sequence[Own]) -> None:
    """Draw the certificates that the learner has earned, if any; each link can be shared."""
    if not certificates:
        return
    heading(_('Your certificates'))
    with ui.element('ul').classes('list'):
        for certificate in certificates:
            address = f'/certificates/{certificate.serial}'
            with ui.element('li'):
                with ui.element('div').classes('grow'):
                    ui.link(certificate.course_title, address).classes('course-link').props('dir=auto')
                    hint(_('completed on {day}', day=day(certificate.completed_at)))
                if certificate.is_printed:
                    pdf = ui.link(_('PDF'), f'{address}.pdf').classes('button-quiet')
                    pdf.props['aria-label'] = _('Certificate as PDF: {course}', course=certificate.course_title)
                else:
                    hint(_('The PDF is being made.'))
