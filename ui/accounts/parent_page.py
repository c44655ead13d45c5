"""`/register/parent`: how a parent gets an account, with a code from their child or the school."""

from fastapi.responses import Response
from nicegui import ui

from ui.accounts.sign_in_page import EMAIL, NAME, NEW_PASSWORD
from ui.kit.language import _
from ui.kit.text import Text, hint, title
from ui.shell.forms import form
from ui.shell.frame import frame
from ui.shell.page import page
from ui.shell.parent_code import PARENT_CODE
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/register/parent', title='Register as a parent')
    async def register(visit: Visit) -> Response | None:
        with frame(visit):
            title(_('Register as a parent'))
            Text('p', _('You see how the week of your child goes, and what you can do.')).classes('body')
            form(visit, '/register/parent', [PARENT_CODE, NAME, EMAIL, NEW_PASSWORD], _('Register'))
            hint(_('You have an account as a parent already? Sign in, and enter the code there.'))
            ui.link(_('Sign in'), '/sign-in?next=/children')
        return None
