"""Who looked at the data of a person, as they read it themselves."""

from collections.abc import Mapping

from nicegui import ui

from services.privacy.own_looks import OwnLook, OwnLooks
from ui.kit.in_parts import in_parts
from ui.kit.language import Spoken, _, ngettext
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import exact

PAGES: Mapping[str, str] = Spoken(
    {
        'analytics': lambda: _('the figures'),
        'analytics export': lambda: _('the figures, as a file'),
        'assignment': lambda: _('what was handed in'),
        'attendance': lambda: _('the attendance'),
        'children': lambda: _('how you get on, as a parent'),
        'class reports': lambda: _('the reports of a class'),
        'classes': lambda: _('classes that are over'),
        'completion records': lambda: _('the records of completion'),
        'grades': lambda: _('the grades'),
        'grading desk': lambda: _('answers and works, to grade them'),
        'kept report': lambda: _('a report that was kept'),
        'learner': lambda: _('how far you are'),
        'learning analytics': lambda: _('the figures'),
        'live': lambda: _('the class while it was on'),
        'lms': lambda: _('what goes to learning systems'),
        'parents': lambda: _('who your parents are'),
        'people': lambda: _('the list of the people in the course'),
        'prediction': lambda: _('what is predicted'),
        'prediction quality': lambda: _('how often predictions were right'),
        'predictions': lambda: _('what is predicted'),
        'progress': lambda: _('how far everybody is'),
        'quiz attempt': lambda: _('an attempt at a quiz'),
        'quiz results': lambda: _('the results of a quiz'),
        'replay': lambda: _('a class that is over'),
        'report': lambda: _('a report'),
        'study time': lambda: _('the study time'),
        'subjects': lambda: _('how each subject goes'),
        'weekly goals': lambda: _('the weekly goals'),
    }
)
"""what each page is called for those whose data are on it: `access.note_look` has the names"""


async def own_looks(found: OwnLooks) -> None:
    """Draw who looked, the newest first."""
    heading(_('Who looked at your data'))
    hint(_('Those who teach you, your parents and admins, in the last year. Each look is written down.'))
    if not found.looks:
        Text('p', _('Nobody yet.')).classes('body')
        return
    with ui.element('ul').classes('list') as listed:
        listed.props['aria-label'] = _('Who looked at your data')
        await in_parts(found.looks, _look)
    if found.number > len(found.looks):
        shown = ngettext('The newest of {all}.', 'The newest {count} of {all}.', len(found.looks), all=found.number)
        hint(shown)


def _look(look: OwnLook) -> None:
    with ui.element('li'), ui.element('div').classes('grow'):
        with ui.element('div'):
            Text('span', look.by).classes('name').props('translate=no')
            Text('span', ' · ')
            Text('span', PAGES[look.page] if look.page in PAGES else _('a page of the course'))
        with ui.element('p').classes('hint'):
            if look.course:
                Text('span', look.course).props('translate=no')
                Text('span', ' · ')
            people = ngettext('of {count} learner', 'of all {count} learners', look.people)
            Text('span', _('of you alone') if look.is_alone else people)
            Text('span', f' · {exact(look.at)}')
