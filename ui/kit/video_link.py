"""The way to a video elsewhere: a plain link, with the name of the place where it leads.

Nothing is asked of that place before a person goes there, and it is not told where they come from. See decision 71.
"""

from nicegui import ui

from services.courses import video_links
from ui.kit.language import _
from ui.kit.text import hint


def draw_video_link(link: str) -> None:
    """Draw the link."""
    host = video_links.host_of(link)
    with ui.element('div').classes('video-link'):
        way = ui.link(_('Watch it at {host}', host=host), link, new_tab=True).classes('button-quiet')
        way.props('rel="noopener noreferrer" referrerpolicy=no-referrer')
        hint(_('It opens in a new window. Waymark does not tell {host} who you are.', host=host))
