"""A quiz among the checkpoints of a course: what it is, how the learner stands, and the way to its own page."""

from html import escape

from nicegui import background_tasks

from services.core import database
from services.core.errors import DomainError
from services.enums import Reveal
from services.quizzes import attempts
from services.quizzes.attempts import Offer
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece


def draw_quiz(lesson: Lesson) -> None:
    """Draw the way to a quiz; what there is to know about it comes a moment later."""
    card = Piece('div', 'quiz-card')
    checkpoint_id = lesson.checkpoint.checkpoint_id
    is_done = lesson.place.here.done
    card.draw_html(_card_html(checkpoint_id, None, is_done=is_done))

    @gesture
    async def fill() -> None:
        try:
            offer = await database.read(attempts.offer, lesson.actor, checkpoint_id)
        except DomainError:
            return  # the page of the quiz says why
        if not card.is_deleted:
            card.draw_html(_card_html(checkpoint_id, offer, is_done=lesson.place.here.done))

    background_tasks.create(fill(), name='quiz', context=card.client)
    lesson.look_at_content = fill


def _card_html(checkpoint_id: int, offer: Offer | None, *, is_done: bool) -> str:
    facts = ' · '.join(_facts(offer)) if offer else ''
    words = _('Go on with the quiz') if offer and offer.open_id else _('Open the quiz')
    is_next = not is_done and (offer is None or offer.problem is None)
    look = 'button-primary' if is_next else 'button-quiet'
    problem = f'<p class="hint">{escape(say(offer.problem))}</p>' if offer and offer.problem else ''
    return (
        f'<p class="hint">{escape(facts)}</p>{problem}'
        f'<p><a class="{look}" href="/quizzes/{checkpoint_id}">{escape(words)}</a></p>'
    )


def _facts(offer: Offer) -> list[str]:
    facts = [ngettext('{count} question', '{count} questions', offer.questions)]
    if offer.minutes is not None:
        facts.append(_('{minutes} min', minutes=offer.minutes))
    if offer.rules.is_practice:
        return [*facts, _('for practice')]
    if offer.rules.shows_score is Reveal.NEVER:
        return [*facts, _('complete once it is handed in')]
    facts.append(_('pass with {percent} %', percent=offer.rules.passing_percent))
    scores = [each.score for each in offer.past if each.score is not None and not each.is_practice]
    if scores:
        facts.append(_('your best: {score} %', score=max(scores)))
    return facts
