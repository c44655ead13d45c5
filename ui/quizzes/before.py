"""What a learner reads of a quiz before they begin, and their attempts so far."""

from datetime import datetime
from html import escape

from nicegui import ui

from services.content.prose import prose_html
from services.enums import AttemptState, Reveal
from services.quizzes.attempts import Offer
from services.quizzes.past import Past
from services.quizzes.quiz_settings import Rules
from ui.kit import time_format
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece


def draw_offer(offer: Offer, *, due_at: datetime | None, learns: bool) -> Piece:
    """Draw what a quiz is, and return the button that begins it; it is hidden where no attempt can begin."""
    with Piece('div', 'quiz-before stack'):
        Piece('h1').draw({'innerHTML': escape(offer.title), 'dir': 'auto'}, classes='title')
        if offer.description:
            Piece('div').draw({'innerHTML': prose_html(offer.description), 'dir': 'auto'}, classes='prose')
        Piece('ul').draw(
            {'innerHTML': ''.join(f'<li>{escape(fact)}</li>' for fact in facts(offer, due_at))}, classes='quiz-facts'
        )
        problem = say(offer.problem) if offer.problem else ''
        if not learns:
            problem = _('You see what learners see. Only they can begin.')
        if problem:
            Piece('p').draw({'innerHTML': f'<span>{escape(problem)}</span>'}, classes='notice')
        button = Piece('button')
        begins = _('Begin again') if offer.past else _('Begin')
        button.offer('' if problem else escape(begins), 'button-primary quiz-begin')
        if offer.past:
            Piece('h2').draw({'innerHTML': escape(_('Your attempts'))}, classes='heading')
            items = ''.join(_past_html(offer.checkpoint_id, each) for each in offer.past)
            Piece('ul').draw({'innerHTML': items}, classes='list')
        if learns:
            words = _('Your skills') if offer.rules.is_practice else _('Your grades')
            with ui.element('div').classes('line'):
                ui.link(words, f'/courses/{offer.course_id}/grades').classes('button-quiet')
    return button


def facts(offer: Offer, due_at: datetime | None) -> list[str]:
    """Return what there is to know before beginning, each as a short line."""
    rules = offer.rules
    said = [_('Due on {moment}', moment=time_format.exact(due_at))] if due_at else []
    said += [ngettext('{count} question', '{count} questions', offer.questions)]
    if offer.minutes is not None:
        said.append(minutes_words(offer.minutes, rules.minutes))
    if rules.is_practice:
        said.append(_('For practice: the score does not count'))
    elif offer.attempts_left is None:
        said.append(_('As many attempts as you like; the best one counts'))
    else:
        said.append(ngettext('{count} attempt left', '{count} attempts left', offer.attempts_left))
    if offer.again_until and offer.attempts_left != 0 and rules.attempts_allowed != 1:
        moment = time_format.exact(offer.again_until)
        if rules.shows_score in {Reveal.AFTER_ANSWER, Reveal.AFTER_SUBMIT}:
            words = _('What is right is shown from {moment} on; who has passed cannot begin again then', moment=moment)
        else:
            words = _(
                'What is right is shown from {moment} on; who has handed in cannot begin again then', moment=moment
            )
        said.append(words)
    if not rules.is_practice:
        said.append(_what_counts(rules))
    if offer.closes_at:
        said.append(_('Closes on {moment}', moment=time_format.exact(offer.closes_at)))
    if rules.shows_score is Reveal.AFTER_CLOSE:
        said.append(_('The score is shown after the quiz has closed') if offer.has_end else waits_words())
    return said + _rules_of_the_way(rules)


def waits_words() -> str:
    """Return what a learner is told of a quiz that would show more after its close, and has no end."""
    return _('More is shown after the quiz has closed. Your teacher has not said yet when that is.')


def _what_counts(rules: Rules) -> str:
    if rules.shows_score is Reveal.NEVER:
        return _('The score is not shown; handing in completes the step')
    return _('You pass with {percent} % of the points', percent=rules.passing_percent)


def _rules_of_the_way(rules: Rules) -> list[str]:
    said = []
    if rules.is_adaptive:
        said.append(_('Each next question is chosen to fit you; you can stop at any time'))
    elif rules.one_at_a_time:
        said.append(
            _('One question at a time') if rules.may_go_back else _('One question at a time, without going back')
        )
    if rules.shows_at_once:
        said.append(_('Each answer is checked at once and stays then'))
    return [*said, _('Answers are saved as you give them; you can go on after an interruption')]


def minutes_words(minutes: int, plain: int | None) -> str:
    """Return how long there is, with what of it is extra time."""
    if plain is None or minutes <= plain:
        return _('{minutes} min', minutes=minutes)
    return _('{minutes} min ({plain} + your extra time)', minutes=minutes, plain=plain)


def _past_html(checkpoint_id: int, past: Past) -> str:
    name = _('Attempt {number}', number=past.number)
    when = time_format.short(past.submitted_at or past.started_at)
    if past.is_out_of_time:
        when = _('handed in by the clock on {moment}', moment=when)
    if past.state is AttemptState.IN_PROGRESS:
        word = _('goes on')
    elif past.score is not None:
        word = result_words(past.score, is_passed=past.is_passed, is_practice=past.is_practice)
    else:
        word = _('waits for its grade') if past.state is AttemptState.SUBMITTED else _('handed in')
    address = f'/quizzes/{checkpoint_id}?attempt={past.number}'
    return (
        f'<li><a class="link" href="{address}">{escape(name)}</a>'
        f'<span class="hint">{escape(when)}</span><span class="quiz-score-word">{escape(word)}</span></li>'
    )


def result_words(score: int, *, is_passed: bool | None, is_practice: bool) -> str:
    """Return a score, and whether it is enough."""
    if is_practice:
        return _('{score} %, for practice', score=score)
    return _('{score} %, passed', score=score) if is_passed else _('{score} %, not passed', score=score)
