"""Until when a learner has time while the class is led to no checkpoint."""

from html import escape
from zoneinfo import ZoneInfo

from services.live.board.views import OwnView
from ui.kit.language import _
from ui.kit.time_format import local


def own_time_html(view: OwnView, zone: ZoneInfo) -> str:
    """Return the sentence, or nothing where no time was set."""
    if not view.until:
        return ''
    time = f'{local(view.until, zone):%-H:%M}'
    if view.has_extra_time:
        said = _('With your extra time you have until about {time}', time=time)
    else:
        said = _('You have until about {time}', time=time)
    return f'<p class="step-led" dir="auto">{escape(said)}</p>'
