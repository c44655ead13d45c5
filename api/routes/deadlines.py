"""`/api/deadlines`: by when a learner has to do what, as their calendar says it."""

from api.auth import Person
from api.paging import Page, Paging, page_of
from api.subject import Subject
from services.core import database
from services.deadlines import feeds
from services.deadlines.dates import Deadline

router = Subject(tags=['deadlines'])


@router.get('/deadlines')
async def own(actor: Person, place: Paging) -> Page[Deadline]:
    """Your deadlines in all courses, from 30 days ago on, in the order of their checkpoint ids.

    They are yours: with extra time, and with what was agreed. What was due before you joined is not asked of you.
    """
    return page_of(await database.read(feeds.shown, actor), place, by=lambda each: each.checkpoint_id)
