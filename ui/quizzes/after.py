"""A submitted attempt as its learner sees it: as much as the quiz shows now."""

from collections.abc import Iterable
from html import escape

from services.content.prose import prepare, prose_html
from services.quizzes.answer import Answer
from services.quizzes.asked import Asked
from services.quizzes.attempts import Offer
from services.quizzes.question import QuestionKind
from services.quizzes.review import Review, Reviewed
from ui.kit import time_format
from ui.kit.language import _, ngettext
from ui.kit.raw_element import Piece
from ui.quizzes.before import waits_words
from ui.quizzes.question_card import pasted_words
from ui.quizzes.result_words import inline_html, points_words, shown_html, worth


async def prepare_texts(asked: Iterable[Asked]) -> None:
    """Lay out the texts of questions beside the event loop."""
    texts = [text for each in asked for text in (each.text, *(option for _place, option in each.options), *each.lefts)]
    await prepare(*texts)


def draw_review(review: Review, offer: Offer, next_address: str) -> None:
    """Draw a submitted attempt, and the ways on."""
    with Piece('article', 'quiz-review stack'):
        name = _('Attempt {number}', number=review.number)
        Piece('p').draw({'innerHTML': escape(name)}, classes='hint')
        Piece('h1').draw({'innerHTML': escape(review.title), 'dir': 'auto'}, classes='title')
        Piece('div').draw({'innerHTML': _result_html(review, offer)}, classes='quiz-outcome')
        Piece('p').draw({'innerHTML': _ways_html(review, offer, next_address)}, classes='line')
        items = ''.join(_question_html(each, number) for number, each in enumerate(review.questions, start=1))
        Piece('ol').draw({'innerHTML': items}, classes='quiz-reviewed')


def _result_html(review: Review, offer: Offer) -> str:
    parts = [_score_html(review)]
    said = [text for text in (review.band, review.feedback) if text]
    parts += [f'<div class="prose" dir="auto">{prose_html(text)}</div>' for text in said]
    facts = ' · '.join([*_facts(review), *_left(review, offer.attempts_left)])
    parts.append(f'<p class="hint">{escape(facts)}</p>')
    if review.waits_for_last:
        parts.append(f'<p class="hint">{escape(_after_the_last())}</p>')
    if review.is_more_to_come:
        later = _('More is shown here once the quiz has closed for everybody.') if offer.has_end else waits_words()
        parts.append(f'<p class="hint">{escape(later)}</p>')
    return ''.join(parts)


def _after_the_last() -> str:
    return _(
        'What would have been right is shown once you cannot better your score: after your last attempt, or when '
        'everything is right.'
    )


def _score_html(review: Review) -> str:
    if review.score is None:
        if review.sees.score and not review.is_graded:
            said = _('Handed in. Your teacher still has to grade it.')
        else:
            said = _('Handed in. Your answers are kept.')
        return f'<p class="quiz-outcome-word">{escape(said)}</p>'
    score = _('{score} %', score=review.score)
    if review.is_practice:
        word, look = _('For practice'), 'quiz-outcome-plain'
    elif review.is_passed:
        word, look = _('Passed'), 'quiz-outcome-passed'
    else:
        word, look = _('Not passed: you need {percent} %', percent=review.passing_percent), 'quiz-outcome-plain'
    points = ''
    if review.earned is not None:
        earned, possible = points_words(review.earned), points_words(review.possible)
        points = _('{earned} of {possible} points', earned=earned, possible=possible)
    return (
        f'<p class="quiz-score number">{escape(score)}</p><p class="{look}">{escape(word)}</p>'
        f'<p class="hint">{escape(points)}</p>'
    )


def _facts(review: Review) -> Iterable[str]:
    moment = time_format.exact(review.submitted_at)
    if review.is_out_of_time:
        yield _('handed in by the clock on {moment}', moment=moment)
    else:
        yield _('handed in on {moment}', moment=moment)
    if review.late_seconds:
        yield _('{time} late', time=time_format.span(review.late_seconds))
    if review.interruptions:
        yield ngettext('interrupted {count} time', 'interrupted {count} times', review.interruptions)
    if review.times_left:
        yield ngettext('left the page {count} time', 'left the page {count} times', review.times_left)
    if review.times_pasted:
        yield pasted_words(review.times_pasted).rstrip('.')


def _left(review: Review, attempts_left: int | None) -> Iterable[str]:
    """Return how many more attempts there are, where they are limited."""
    if attempts_left == 0 and not review.is_practice:
        yield _('no attempt left')
    elif attempts_left is not None and not review.is_practice:
        yield ngettext('{count} attempt left', '{count} attempts left', attempts_left)


def _ways_html(review: Review, offer: Offer, next_address: str) -> str:
    """Return the ways on; the filled one is the next thing to do."""
    may_repeat = offer.problem is None and offer.open_id is None
    goes_on = review.is_passed is not False or not may_repeat
    ways = []
    if next_address:
        look = 'button-primary' if goes_on else 'button-quiet'
        ways.append(f'<a class="{look}" href="{next_address}">{escape(_("Go on"))}</a>')
    if may_repeat:
        look = 'button-quiet' if goes_on else 'button-primary'
        ways.append(f'<a class="{look}" href="/quizzes/{review.checkpoint_id}">{escape(_("Try again"))}</a>')
    else:
        ways.append(f'<a class="button-quiet" href="/quizzes/{review.checkpoint_id}">{escape(_("All attempts"))}</a>')
    return ''.join(ways)


def _question_html(reviewed: Reviewed, number: int) -> str:
    asked = reviewed.asked
    place = _('Question {number}', number=number)
    return (
        f'<li class="quiz-question"><h2 class="quiz-number">{escape(place)} '
        f'<span class="hint">{escape(worth(asked))}</span></h2>'
        f'<div class="prose quiz-text-asked" dir="auto">{prose_html(asked.text)}</div>'
        f'{_answer_html(asked)}<div class="quiz-result">{shown_html(asked, reviewed.shown)}</div></li>'
    )


def _answer_html(asked: Asked) -> str:
    lines = _answered(asked, asked.answer) if asked.answer else []
    if not lines:
        return f'<p class="quiz-label">{escape(_("You did not answer this."))}</p>'
    label = escape(_('Your answer'))
    if asked.kind is QuestionKind.ESSAY:
        return f'<p class="quiz-label">{label}</p><div class="quiz-essay" dir="auto">{lines[0]}</div>'
    tag = 'ol' if asked.kind is QuestionKind.ORDERING else 'ul'
    items = ''.join(f'<li dir="auto">{line}</li>' for line in lines)
    return f'<p class="quiz-label">{label}</p><{tag} class="quiz-solution">{items}</{tag}>'


def _answered(asked: Asked, answer: Answer) -> list[str]:
    """Return what was answered, as lines of HTML."""
    if asked.kind is QuestionKind.TRUE_FALSE:
        return [escape(_('True') if place == 0 else _('False')) for place in answer.chosen]
    options, rights = dict(asked.options), dict(asked.rights)
    chosen = [inline_html(options[place]) for place in (*answer.chosen, *answer.order) if place in options]
    pairs = [
        f'{inline_html(left)} – {escape(rights.get(place, "") if place is not None else _("nothing"))}'
        for left, place in zip(asked.lefts, answer.pairs, strict=False)
    ]
    return [*chosen, *pairs, *([escape(answer.text)] if answer.text.strip() else [])]
