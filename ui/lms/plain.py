"""The pages that stand between a platform and us: in a frame of the platform, with what goes back to it,
and after it has registered itself.

Only they lie in the frame of another site, or send a form to one.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from fastapi.responses import Response

from services.core import school
from services.core.secrets import new_token
from services.lms.deep_linking import Reply
from services.lms.platforms import Platform
from ui.kit.language import _
from ui.shell.security import HEADERS
from ui.shell.static_pages import plain_page

POLICY = 'content-security-policy'
TAKEN_ALONG = ('iss', 'client_id', 'login_hint', 'lti_message_hint', 'target_link_uri', 'lti_deployment_id')


def own_window(platform: Platform, fields: Mapping[str, str]) -> Response:
    """Offer a window of its own: in a frame of another site, browsers keep our cookies away."""
    frame = new_token()
    kept = {**{name: fields[name] for name in TAKEN_ALONG if name in fields}, 'frame': frame}
    why = _('{platform} has shown it in a frame, where your browser does not let you sign in.', platform=platform.name)
    name, button = _('Waymark opens in its own window'), _('Open Waymark')
    body = (
        f'<div class="empty"><h1 class="title">{escape(name)}</h1><p>{escape(why)}</p>'
        f'<a class="button-primary" target="_blank" href="/lti/login?{escape(urlencode(kept))}">{escape(button)}</a>'
        f'<p class="hint">{escape(_("Are you adding something to a course? Choose it in that window first."))}</p>'
        f'{_to_chosen(frame)}</div>'
    )
    return in_frames(plain_page(name, body))


def not_chosen(frame: str, why: str) -> Response:
    """Say in a frame that its window has chosen nothing yet."""
    name = _('Add to your course')
    body = f'<div class="empty"><h1 class="title">{escape(name)}</h1><p>{escape(why)}</p>{_to_chosen(frame)}</div>'
    return in_frames(plain_page(name, body))


def _to_chosen(frame: str) -> str:
    address, words = f'/lti/chosen?{urlencode({"frame": frame})}', _('Add what I have chosen')
    return f'<a class="button-quiet" href="{escape(address)}">{escape(words)}</a>'


def in_frames(response: Response) -> Response:
    """Let a page lie in the frame of another site: it holds nothing that a click could do here."""
    policy = response.headers.get(POLICY, HEADERS[POLICY])
    response.headers[POLICY] = policy.replace("frame-ancestors 'none'", 'frame-ancestors *')
    return response


def go_back(reply: Reply) -> Response:
    """Lead back to the frame that waits: some platforms only take what is sent from where they have asked for it."""
    name, button = _('Go back to {platform}', platform=reply.platform), _('Add what I have chosen')
    words = _('“{title}” is ready. Close this window, and press “{button}” there.', title=reply.title, button=button)
    body = f'<div class="empty"><h1 class="title">{escape(name)}</h1><p dir="auto">{escape(words)}</p></div>'
    return plain_page(name, body)


def registered(host: str) -> Response:
    """Say that the window can be closed: the system waits for a script to do it, and there is none here."""
    name = _('Waymark is registered')
    words = _('{host} knows Waymark now.', host=host)
    more = _('An admin of {school} looks at it before anybody can come in.', school=school.current().name)
    close = _('You can close this window, and switch Waymark on in your system if it asks.')
    body = (
        f'<div class="empty"><h1 class="title">{escape(name)}</h1><p>{escape(words)} {escape(more)}</p>'
        f'<p>{escape(close)}</p></div>'
    )
    return in_frames(plain_page(name, body))


def take_along(reply: Reply) -> Response:
    """Show what goes back to a platform, with the button that takes it there."""
    words = _('“{title}” is ready to be added to {platform}.', title=reply.title, platform=reply.platform)
    button = _('Add it to {platform}', platform=reply.platform)
    in_time = _('Add it within five minutes, or load this page again.')  # Canvas takes nothing that is older
    body = (
        f'<div class="empty"><h1 class="title">{escape(_("Add to your course"))}</h1><p dir="auto">{escape(words)}</p>'
        f'<form class="form" method="post" action="{escape(reply.address)}">'
        f'<input type="hidden" name="JWT" value="{escape(reply.signed)}">'
        f'<button class="button-primary" type="submit">{escape(button)}</button></form>'
        f'<p class="hint">{escape(in_time)}</p></div>'
    )
    response = plain_page(_('Add to your course'), body)
    response.headers[POLICY] = HEADERS[POLICY].replace("form-action 'self'", 'form-action https: http:')
    return response
