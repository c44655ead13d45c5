"""`/courses/{course_id}/people`: who learns in a course, for those who teach it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.certificates import holders
from services.certificates.holders import Holder
from services.core import audience, database, zones
from services.core.events import (
    CourseChanged,
    Event,
    ExtraTimeGiven,
    LearnerGrouped,
    LearnerNoted,
    PersonNamed,
    Recorded,
)
from services.core.phrases import Phrase
from services.enums import Verb
from services.live import course_head
from services.people import guest_limits, participants
from services.people.participants import Participant, People
from ui.courses.editor_context import Desk
from ui.kit.announcer import Saying
from ui.kit.enrollment_states import STATES
from ui.kit.group_filter import chosen_group, in_group
from ui.kit.language import _
from ui.kit.refreshing import Refreshing
from ui.kit.snackbar import Snackbar
from ui.kit.text import title
from ui.live.guest_limit import GuestLimit
from ui.people.class_list_upload import ClassListUpload
from ui.people.people_list import PeopleList
from ui.shell.course_frame import Tab, course_frame
from ui.shell.downloads import Download, hand_out, spreadsheet
from ui.shell.page import page
from ui.shell.request import Visit

router = APIRouter()


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/people', title='People')
    async def people(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        found = await database.read(participants.of_course, actor, course_id)
        certified = await database.read(holders.of_course, actor, course_id)
        limits = await database.read(guest_limits.told, actor, course_id)
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.PEOPLE):
            PeoplePage(visit, actor, course_id, found, certified, limits).follow()
        return None


@router.get('/courses/{course_id:id}/people.csv')
async def people_file(request: Request, course_id: int) -> Response:
    """Return the learners of a course as a file that spreadsheets open, in the reader's language."""

    async def make(visit: Visit) -> Download:
        actor = visit.signed_in()
        found = await database.read(participants.of_course, actor, course_id)
        found = found.of_group(chosen_group(request, found.groups))
        return spreadsheet(f'people-{course_id}', _rows(found, actor.zone))

    return await hand_out(request, make, page=f'/courses/{course_id}/people')


def _rows(people: People, zone: ZoneInfo) -> list[list[str | int | None]]:
    here = [person for person in people.learners if not person.is_removed]
    fields = list(dict.fromkeys(name for person in here for name in person.custom))
    head = [
        *(_('Name'), _('E-mail'), _('Group'), _('Extra time (%)'), _('Enrolled')),
        *(_('State'), _('Percent'), _('Completed'), _('Last active')),
    ]
    rows = ([*_facts(person, zone), *(person.custom.get(field, '') for field in fields)] for person in here)
    return [[*head, *fields], *rows]


def _facts(person: Participant, zone: ZoneInfo) -> list[str | int | None]:
    return [
        person.name,
        person.email or '',
        person.group,
        person.extra_percent,
        _day(person.since, zone),
        STATES[person.state],
        person.percent,
        _day(person.completed_at, zone),
        _day(person.last_active, zone),
    ]


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return f'{zones.local_date(zone, moment)}' if moment else ''


class PeoplePage:
    """The list, and what keeps it true."""

    def __init__(
        self,
        visit: Visit,
        actor: Actor,
        course_id: int,
        found: People,
        certified: Mapping[int, Holder],
        limits: Sequence[Phrase],
    ) -> None:
        self._refreshing = Refreshing(self._read, lambda found: self._list.show(*found))
        with ui.element('div').classes('spread'):
            title(_('People'))
            with ui.element('div').classes('line'):
                if any(person.is_guest for person in found.learners):
                    ui.link(_('Codes of guests'), f'/courses/{course_id}/guest-codes').classes('button-quiet')
                if any(holder.serial for holder in certified.values()):
                    together = in_group(
                        f'/courses/{course_id}/certificates.pdf', chosen_group(visit.request, found.groups)
                    )
                    ui.link(_('Certificates to print'), together, new_tab=True).classes('button-quiet')
                ui.link(_('Motivation'), f'/courses/{course_id}/motivation').classes('button-quiet')
                ui.link(_('Learning systems'), f'/courses/{course_id}/lms').classes('button-quiet')
                ui.link(_('Download as CSV'), f'/courses/{course_id}/people.csv').classes('button-quiet')
        GuestLimit(actor, course_id, limits)
        self._desk = Desk(
            request=visit.request,
            actor=actor,
            course_id=course_id,
            snackbar=Snackbar(),
            say=Saying().say,
            look_again=self._refreshing.look_again,
        )
        ClassListUpload(self._desk)
        self._list = PeopleList(self._desk, found.groups, chosen_group(visit.request, found.groups))
        self._list.show(found, certified)

    def follow(self) -> None:
        """Show who comes and goes while the page is open."""
        of_staff = audience.of_staff(self._desk.course_id)
        self._refreshing.follow(of_staff, _is_shown, is_changing=lambda: self._desk.changing > 0)

    async def _read(self) -> tuple[People, Mapping[int, Holder]]:
        found = await database.read(participants.of_course, self._desk.actor, self._desk.course_id, again=True)
        return found, await database.read(holders.of_course, self._desk.actor, self._desk.course_id)


def _is_shown(event: Event) -> bool:
    if isinstance(event, Recorded):
        return event.verb is Verb.CERTIFIED
    return isinstance(event, CourseChanged | ExtraTimeGiven | LearnerGrouped | LearnerNoted | PersonNamed)
