"""First steps at home, for those who have not begun: three sentences for each role, until they hide them."""

from collections.abc import Mapping, Sequence

from nicegui import ui

from services.core.phrases import Phrase, phrase
from ui.kit.language import _, say
from ui.kit.text import Text, heading, named
from ui.shell.first_run import LEARNS, TEACHES, has_hidden
from ui.shell.forms import form_button
from ui.shell.request import Visit

STEPS: Mapping[str, Sequence[Phrase]] = {
    TEACHES: (
        phrase('Make a course and paste your steps into it, one per line.'),
        phrase('Start the class and open the projector: it shows how learners get in.'),
        phrase('Lead with Next and Pause. “Needs you” lists those who are stuck.'),
    ),
    LEARNS: (
        phrase('Open a step, do it, and press Done. “Saved” says that it counts.'),
        phrase('Press “I’m stuck” in class when you do not get any further.'),
        phrase('Go on at home: it continues where you were, on any device.'),
    ),
}


def first_steps(visit: Visit, role: str) -> None:
    """Draw the first steps of a role, unless they were hidden in this browser."""
    if has_hidden(visit.request, role):
        return
    with named(ui.element('section').classes('panel stack-tight'), _('First steps')):
        heading(_('First steps'))
        with ui.element('ol').classes('first-steps'):
            for step in STEPS[role]:
                Text('li', say(step))
        with ui.element('div').classes('line'):
            ui.link(_('More in Help'), '/help')
            form_button(visit.request, '/first-steps', _('Hide this'), 'button-quiet button-bare', role=role)
