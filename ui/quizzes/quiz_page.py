"""`/quizzes/{checkpoint_id}`: a quiz as its learner meets it, before, during and after an attempt."""

from collections.abc import Sequence
from itertools import count
from uuid import uuid4

from fastapi.responses import Response
from nicegui import background_tasks, ui

from services.access import Actor
from services.content.prose import prepare
from services.core import audience, database, hub
from services.core.errors import NotFound
from services.core.events import CourseChanged, Event, ExtraTimeGiven, Recorded
from services.enums import AttemptState, Verb
from services.quizzes import adapting, attempts, circumstances, review
from services.quizzes.attempts import Offer
from services.quizzes.past import Past
from services.quizzes.review import Review
from services.study import path, sessions
from services.study.path import Place
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _, for_reader
from ui.kit.raw_element import Piece
from ui.learn.study_clock import StudyClock
from ui.quizzes import taking
from ui.quizzes.after import draw_review, prepare_texts
from ui.quizzes.before import draw_offer
from ui.quizzes.taking import Taking
from ui.shell import before_sign_out
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit, address_of


def create() -> None:
    """Declare the page."""

    @page('/quizzes/{checkpoint_id:id}', title='Quiz')
    async def quiz(visit: Visit, checkpoint_id: int) -> Response | None:
        actor = visit.signed_in()
        offer = await database.read(attempts.offer, actor, checkpoint_id)
        place = await database.read(path.place, actor, offer.course_id, checkpoint_id)
        title_page(offer.title, place.course_title)
        shown = _asked_for(visit, offer)
        if shown and shown.state is not AttemptState.IN_PROGRESS:
            await _after(visit, offer, place, shown)
        elif offer.open_id is not None:
            await _during(visit, place, offer.open_id)
        else:
            await _before(visit, offer, place)
        return None


def _asked_for(visit: Visit, offer: Offer) -> Past | None:
    """Return the attempt that the address names by its number."""
    number = visit.request.query_params.get('attempt', '')
    if not number:
        return None
    found = next((each for each in offer.past if f'{each.number}' == number), None)
    if found is None:
        raise NotFound('There is no such attempt, or it is not yours.')
    return found


async def _before(visit: Visit, offer: Offer, place: Place) -> None:
    actor, tap_id = visit.signed_in(), uuid4().hex
    await prepare(offer.description)
    device = {'user_agent': visit.request.headers.get('user-agent', ''), 'address': address_of(visit.request)}

    @gesture
    async def begin() -> None:
        await database.write(sessions.beat, actor, offer.checkpoint_id)
        attempt_id = await database.write(circumstances.begin, actor, offer.checkpoint_id, tap_id=tap_id, **device)
        if offer.rules.is_adaptive:
            await adapting.go_on(actor, attempt_id)
        taking.begun.add(attempt_id)
        ui.navigate.to(f'/quizzes/{offer.checkpoint_id}')

    with frame(visit, name=place.course_title):
        way_back(_('Back to the course'), f'/courses/{offer.course_id}/learn/{offer.checkpoint_id}')
        draw_offer(offer, due_at=place.checkpoint.due_at, learns=place.learns).on('click', begin, args=[[]])


async def _during(visit: Visit, place: Place, attempt_id: int) -> None:
    actor = visit.signed_in()
    paper, checked = await database.read(review.going_on, actor, attempt_id)
    await prepare_texts(paper.asked)
    why = await database.read(adapting.why, actor, attempt_id) if paper.rules.is_adaptive else None
    is_back = attempt_id not in taking.begun and not taking.open_pages[attempt_id]
    with frame(visit, name=place.course_title), Piece('div') as within:
        shown = Taking(actor, paper, checked, is_back=is_back, why=why)
        lesson = Lesson(visit.request, actor, place)
        StudyClock(lesson, within=within)
    lesson.at_leaving(shown.leave)
    _connect(lesson, shown, is_back=is_back)


def _connect(lesson: Lesson, shown: Taking, *, is_back: bool) -> None:
    """Follow the attempt on other devices, count interruptions, and save what is typed when the learner leaves."""
    client, actor, attempt_id = ui.context.client, lesson.actor, shown.attempt_id
    connections = count(1)

    def follow(events: Sequence[Event]) -> None:
        if client.has_socket_connection and any(_concerns(event, lesson.checkpoint.checkpoint_id) for event in events):
            background_tasks.create(gesture(shown.look_again)(), name='quiz', context=shown.element.client)

    stop = hub.watch(audience.of_learner(lesson.course_id, actor.user_id), for_reader(follow))
    forget = before_sign_out.before_sign_out(actor, lesson.sign_out)
    here = _Here(attempt_id)

    @gesture
    async def connected() -> None:
        is_first = next(connections) == 1
        taking.begun.discard(attempt_id)
        if here.come() and (is_back or not is_first):
            await database.write(circumstances.come_back, actor, attempt_id)
        if not is_first:
            await shown.come_back()

    def gone() -> None:
        stop()
        forget()
        here.go()
        background_tasks.create(lesson.leave())

    @gesture
    async def disconnected() -> None:
        here.go()
        await shown.leave()

    client.on_connect(connected)
    client.on_disconnect(disconnected)
    client.on_delete(gone)


class _Here:
    """Whether one page of an attempt has a connection, among all pages of it."""

    def __init__(self, attempt_id: int) -> None:
        self._attempt_id = attempt_id
        self._is_here = False

    def come(self) -> bool:
        """Note that the page is there; returns whether no other page of the attempt was."""
        is_only = taking.open_pages[self._attempt_id] == 0
        if not self._is_here:
            self._is_here = True
            taking.open_pages[self._attempt_id] += 1
        return is_only

    def go(self) -> None:
        """Note that the page is not there."""
        if self._is_here:
            self._is_here = False
            taking.open_pages[self._attempt_id] -= 1
            if not taking.open_pages[self._attempt_id]:
                del taking.open_pages[self._attempt_id]


def _concerns(event: Event, checkpoint_id: int) -> bool:
    if isinstance(event, Recorded):
        return event.checkpoint_id == checkpoint_id and event.verb in {Verb.ANSWERED, Verb.QUIZ_SUBMITTED, Verb.GRADED}
    return isinstance(event, CourseChanged | ExtraTimeGiven)


async def _after(visit: Visit, offer: Offer, place: Place, past: Past) -> None:
    actor = visit.signed_in()
    reviewed = await database.read(review.review, actor, past.attempt_id)
    await prepare_texts(each.asked for each in reviewed.questions)
    with frame(visit, name=place.course_title), Piece('div') as shown:
        draw_review(reviewed, offer, _next_address(place))
    _follow_grades(place, actor, reviewed, shown)


def _follow_grades(place: Place, actor: Actor, reviewed: Review, shown: Piece) -> None:
    """Draw the attempt again once a person has graded it."""
    attempt_id, client = reviewed.attempt_id, ui.context.client

    @gesture
    async def look_again() -> None:
        offer = await database.read(attempts.offer, actor, reviewed.checkpoint_id)
        again = await database.read(review.review, actor, attempt_id)
        shown.clear()
        with shown:
            draw_review(again, offer, _next_address(place))

    def follow(events: Sequence[Event]) -> None:
        graded = {Verb.GRADED, Verb.REGRADED, Verb.RESULT_OPENED}
        if any(isinstance(event, Recorded) and event.verb in graded for event in events):
            background_tasks.create(look_again(), name='quiz', context=client)

    client.on_delete(hub.watch(audience.of_learner(place.course_id, actor.user_id), for_reader(follow)))


def _next_address(place: Place) -> str:
    """Return where the learner goes on: the class if one is on, else the checkpoint after this one if there is one."""
    if place.learns and place.is_running:
        return f'/class/{place.course_id}'
    after = place.beside(1)
    checkpoint_id = after.checkpoint_id if after else place.checkpoint.checkpoint_id
    return f'/courses/{place.course_id}/learn/{checkpoint_id}' if place.learns else ''
