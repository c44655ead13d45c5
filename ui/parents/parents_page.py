"""`/account/parents` and `/people/{child_id}/parents`: the parents of a child, for the child and for the school."""

from fastapi.responses import Response

from services.core import database
from services.parents import links
from ui.kit.language import _
from ui.kit.text import hint, title
from ui.parents.parent_lists import ParentLists
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the pages."""

    @page('/account/parents', title='Your parents')
    async def own(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        found = await database.read(links.of_child, actor, child_id=actor.user_id)
        with frame(visit):
            way_back(_('Your account'), '/account')
            title(_('Your parents'))
            hint(
                _(
                    'Parents who are linked to you see how your week goes: steps, time, and what needs attention. '
                    'They see no answers, notes, points or own goals. You can end a link at any time.'
                )
            )
            ParentLists(actor, found, is_own=True).follow()
        return None

    @page('/people/{child_id:id}/parents', title='Parents')
    async def of_child(visit: Visit, child_id: int) -> Response | None:
        actor = visit.signed_in()
        found = await database.read(links.of_child, actor, child_id=child_id)
        title_page(_('Parents'), found.name)
        with frame(visit):
            way_back(_('Your courses'), '/')
            title(_('Parents of {child}', child=found.name))
            hint(_('Hand a code to one person whom you know. Blocking keeps a person out, whatever code they have.'))
            ParentLists(actor, found, is_own=False)
        return None
