"""A quiz in a browser: nothing that was saved is lost, and what was not saved says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect
from sqlalchemy import select
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState
from services.core import clock, database
from services.core.transaction import Transaction
from services.quizzes import attempts
from services.quizzes.answer import FORM, Answer
from services.quizzes.quiz_settings import Rules
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, WHY, QuizAtHand, a_quiz
from tests.support.browser_people import People, is_connected, is_cut_off
from tests.support.page_check import faults_of
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('Q2', 'O5'), pytest.mark.asyncio(loop_scope='session')]

DEAF = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) { if (!window.deaf) send.call(this, data); };
"""
"""lets a page send into a line that is dead, and not know it"""
LEFT = re.compile('^(2[5-9]|30) min left$')
"""what the clock of half an hour says in the first five minutes, which is more than a busy machine needs here"""
TIMED = Rules(minutes=30, shuffles_questions=True)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody in front of a quiz."""

    page: Page

    def question(self, text: str) -> Locator:
        return self.page.get_by_role('region').filter(has_text=text)

    def mark(self, text: str) -> Locator:
        return self.question(text).locator('.quiz-mark')

    async def chooses(self, text: str, option: str) -> None:
        await self.question(text).get_by_role('radio', name=option).tap()

    async def has_saved(self, text: str, option: str) -> None:
        """Choose an option and wait until it is on disk: the mark of an earlier choice says “Saved at” as well."""
        await self.chooses(text, option)
        await expect(self.question(text).get_by_role('radio', name=option)).to_be_checked()
        await expect(self.mark(text)).to_contain_text('Saved at')

    async def types(self, text: str, answer: str) -> None:
        await self.question(text).get_by_role('textbox').fill(answer)

    async def has_answered(self, done: int, of: int) -> None:
        await expect(self.page.get_by_text(f'{done} of {of} answered')).to_be_visible()

    async def order(self) -> list[str]:
        """Return what is asked and what can be chosen, as it stands on the page."""
        asked = await self.page.locator('.quiz-text-asked').all_inner_texts()
        return asked + await self.page.locator('.quiz-options .q-radio__label').all_inner_texts()

    async def begins(self) -> None:
        await self.page.get_by_role('button', name='Begin').tap()
        await self.page.locator('.quiz-question').first.wait_for()
        await is_connected(self.page)


async def sits_down(people: People, server: Server, rules: Rules = TIMED) -> tuple[QuizAtHand, Sitting]:
    async with server.at_hand():
        quiz = await a_quiz(questions=(FINEST, HOW_ACID, NAME_IT, WHY), rules=rules)
        token = await token_of(quiz.learner)
    page = await people.page(token=token, phone=True)
    await page.goto(f'/quizzes/{quiz.checkpoint_id}')
    await is_connected(page)
    await expect(page.get_by_text('30 min')).to_be_visible()
    sitting = Sitting(page)
    await sitting.begins()
    return quiz, sitting


async def answers_on_disk(server: Server, quiz: QuizAtHand) -> dict[str, Answer | None]:
    async with server.at_hand():
        offer = await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)
        assert len(offer.past) == 1
        assert offer.open_id is not None
        paper = await database.read(attempts.paper, quiz.learner, offer.open_id)
        return {each.text: each.answer for each in paper.asked if each.answer is not None}


async def test_a_timed_quiz_goes_on_after_a_lost_network_and_a_killed_server(people: People, server: Server) -> None:
    quiz, lena = await sits_down(people, server)
    order = await lena.order()
    await lena.has_saved(FINEST.text, 'Silt')
    await lena.types(HOW_ACID.text, '7,0')
    await expect(lena.question(HOW_ACID.text)).to_contain_text('Read as 7')
    await expect(lena.mark(HOW_ACID.text)).to_contain_text('Saved at')
    await lena.has_answered(2, 4)

    await lena.page.context.set_offline(True)
    await is_cut_off(lena.page)
    await lena.question(FINEST.text).get_by_role('radio', name='Sand').click(force=True)
    await lena.page.context.set_offline(False)
    await is_connected(lena.page)
    await expect(lena.question(FINEST.text).get_by_role('radio', name='Silt')).to_be_checked()
    await lena.has_saved(FINEST.text, 'Clay')

    server.pause()
    await lena.question(NAME_IT.text).get_by_role('textbox').fill('humus')
    await lena.question(FINEST.text).get_by_role('radio', name='Sand').click()
    await expect(lena.question(FINEST.text).get_by_role('radio', name='Clay')).to_be_checked()
    server.kill()
    await is_cut_off(lena.page)
    server.start()

    await expect(lena.page.get_by_text('You are back. What says saved is safe')).to_be_visible()
    await is_connected(lena.page)
    assert await lena.order() == order
    await lena.has_answered(2, 4)
    await expect(lena.question(FINEST.text).get_by_role('radio', name='Clay')).to_be_checked()
    await expect(lena.mark(FINEST.text)).to_contain_text('Saved at')
    await expect(lena.mark(NAME_IT.text)).to_have_text('Not answered')
    assert await answers_on_disk(server, quiz) == {FINEST.text: Answer(chosen=(0,)), HOW_ACID.text: Answer(text='7,0')}
    await expect(lena.page.get_by_role('timer')).to_have_text(LEFT)

    await lena.types(NAME_IT.text, 'humus')
    await lena.has_answered(3, 4)
    await lena.page.get_by_role('button', name='Hand in').tap()
    dialog = lena.page.get_by_role('dialog')
    await expect(dialog).to_contain_text('1 question has no answer')
    await dialog.get_by_role('button', name='Hand in').tap()
    await expect(lena.page.get_by_text('50 %')).to_be_visible()


async def test_what_is_typed_into_a_dead_line_is_saved_when_it_is_back(people: People, server: Server) -> None:
    quiz, lena = await sits_down(people, server)
    await lena.page.add_init_script(DEAF)
    await lena.page.reload()
    await is_connected(lena.page)
    other = Sitting(await lena.page.context.new_page())
    await other.page.goto(lena.page.url)
    await is_connected(other.page)
    await lena.types(WHY.text, 'Because of ')
    await expect(lena.mark(WHY.text)).to_contain_text('Saved at')
    await lena.page.evaluate('window.deaf = true')
    field = lena.question(WHY.text).locator('textarea')
    await field.press_sequentially('large pores.')
    await expect(field).to_have_value('Because of large pores.')
    await field.blur()  # tells what was typed, which nobody hears

    await lena.page.evaluate('window.socket.io.engine.close()')
    await lena.page.evaluate('window.deaf = false')
    await is_cut_off(lena.page)
    await lena.page.evaluate('window.socket.connect()')

    await is_connected(lena.page)
    await expect(other.question(WHY.text).locator('textarea')).to_have_value('Because of large pores.')
    await expect(lena.mark(WHY.text)).to_contain_text('Saved at')
    await expect(field).to_have_value('Because of large pores.')
    assert await answers_on_disk(server, quiz) == {WHY.text: Answer(text='Because of large pores.')}


async def test_a_second_tab_shows_the_same_attempt(people: People, server: Server) -> None:
    _quiz, lena = await sits_down(people, server)
    other = Sitting(await lena.page.context.new_page())
    await other.page.goto(lena.page.url)
    await is_connected(other.page)
    assert await other.order() == await lena.order()
    await lena.chooses(FINEST.text, 'Clay')
    await expect(other.question(FINEST.text).get_by_role('radio', name='Clay')).to_be_checked()
    await other.types(NAME_IT.text, 'humus')
    await expect(lena.question(NAME_IT.text).get_by_role('textbox')).to_have_value('humus')
    await lena.has_answered(2, 4)
    await other.has_answered(2, 4)


async def test_a_phone_whose_clock_is_a_day_off_has_the_time_that_everybody_has(people: People, server: Server) -> None:
    _quiz, lena = await sits_down(people, server)
    for days in (1, -1):
        await lena.page.clock.set_fixed_time(clock.now() + timedelta(days=days))
        await lena.page.reload()
        await is_connected(lena.page)
        await expect(lena.page.get_by_role('timer')).to_have_text(LEFT)
        await lena.has_saved(FINEST.text, 'Clay' if days == 1 else 'Sand')
        await expect(lena.page.get_by_text('late')).to_have_count(0)


async def test_a_time_that_ends_while_a_phone_is_cut_off_hands_in_what_was_saved(
    people: People, server: Server
) -> None:
    quiz, lena = await sits_down(people, server)
    await lena.has_saved(FINEST.text, 'Clay')
    await lena.page.context.set_offline(True)
    await is_cut_off(lena.page)
    await lena.question(FINEST.text).get_by_role('radio', name='Sand').click(force=True)
    async with server.at_hand():
        await database.write(_end, quiz.checkpoint_id, clock.now() - timedelta(minutes=2))
    await lena.page.context.set_offline(False)

    await expect(lena.page.get_by_text('handed in by the clock on')).to_be_visible()
    await expect(lena.page.get_by_role('button', name='Hand in')).to_have_count(0)
    async with server.at_hand():
        offer = await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)
        (attempt,) = await database.read(_attempts, quiz.checkpoint_id)
        given = await database.read(_given, attempt.id)
    assert offer.open_id is None
    assert (attempt.state, attempt.is_out_of_time) == (AttemptState.GRADED, True)
    assert given == [Answer(chosen=(0,))]


def _end(tx: Transaction, checkpoint_id: int, at: datetime) -> None:
    for attempt in _attempts(tx, checkpoint_id):
        attempt.ends_at = at


def _attempts(tx: Transaction, checkpoint_id: int) -> Sequence[Attempt]:
    return tx.session.scalars(select(Attempt).where(col(Attempt.checkpoint_id) == checkpoint_id)).all()


def _given(tx: Transaction, attempt_id: int) -> list[Answer]:
    mine = col(AttemptAnswer.attempt_id) == attempt_id, col(AttemptAnswer.answer).is_not(None)
    return [
        FORM.validate_json(each or '') for each in tx.session.scalars(select(col(AttemptAnswer.answer)).where(*mine))
    ]


@pytest.mark.parametrize('dark', [False, True])
async def test_it_looks_right_on_a_phone_and_on_a_laptop(people: People, server: Server, dark: bool) -> None:
    _quiz, lena = await sits_down(people, server)
    page = await people.page(profile_of=lena.page, phone=True, dark=dark)
    for width, height, target in ((390, 844, 44), (1366, 768, 0)):
        await page.set_viewport_size({'width': width, 'height': height})
        await page.goto(lena.page.url)
        await is_connected(page)
        assert await faults_of(page, target=target) == []


async def test_it_is_taken_with_the_keyboard_alone(people: People, server: Server) -> None:
    _quiz, lena = await sits_down(people, server, Rules(minutes=30))
    keys = lena.page.keyboard
    await lena.question(FINEST.text).get_by_role('radio').first.focus()
    await keys.press('Space')
    await expect(lena.mark(FINEST.text)).to_contain_text('Saved at')
    await lena.question(HOW_ACID.text).get_by_role('textbox').focus()
    await keys.type('7')
    await expect(lena.mark(HOW_ACID.text)).to_contain_text('Saved at')
    await lena.page.get_by_role('button', name='Hand in').focus()
    await keys.press('Enter')
    await expect(lena.page.get_by_role('dialog')).to_contain_text('2 questions have no answer: 3, 4.')
