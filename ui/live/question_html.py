"""A question in class as HTML: the same on the phone, for the instructor, and on the projector, in their own sizes."""

from collections.abc import Callable, Collection, Sequence
from html import escape
from string import ascii_uppercase

from nicegui import background_tasks

from services.content.prose import is_ready, prepare, prose_html
from services.enums import LiveQuestionState
from services.live.board.public_stats import FEWEST
from services.live.questions.distribution import Bar, Distribution
from services.live.questions.views import Asked, Counted
from services.quizzes.question import QuestionKind
from ui.kit.language import _, ngettext
from ui.kit.theme import filled


def letter(index: int) -> str:
    """Return what an option is called: A to Z, then AA, AB and so on."""
    rest, last = divmod(index, len(ascii_uppercase))
    return (letter(rest - 1) if rest else '') + ascii_uppercase[last]


def option_texts(asked: Asked) -> Sequence[tuple[int, str]]:
    """Return the options in the order in which everybody sees them; “true” and “false” are not written by authors."""
    if asked.kind is QuestionKind.TRUE_FALSE:
        return [(option.place, _('True') if option.place == 0 else _('False')) for option in asked.options]
    return [(option.place, option.text) for option in asked.options]


def text_html(asked: Asked) -> str:
    """Return what is asked."""
    return f'<div class="asked-text prose" dir="auto">{prose_html(asked.text)}</div>'


def options_html(asked: Asked, own: Collection[int] = ()) -> str:
    """Return the options with their letters, and which of them are the learner's own."""
    items = ''.join(
        f'<li class="asked-option{" asked-own" if place in own else ""}"><b translate="no">{letter(index)}</b>'
        f'<div class="prose" dir="auto">{prose_html(text)}</div>{_own_word(is_own=place in own)}</li>'
        for index, (place, text) in enumerate(option_texts(asked))
    )
    return f'<ul class="asked-options">{items}</ul>' if items else ''


def counted_text(counted: Counted) -> str:
    """Return how many have answered."""
    return _('{count} of {here} have answered', count=counted.answered, here=counted.here)


def shares_html(asked: Asked, own: Collection[int] = ()) -> str:
    """Return what was answered as bars, with what is right once that is shown; empty before."""
    told = asked.distribution
    if told is None:
        return ''
    texts = dict(option_texts(asked))
    bars = ''.join(
        _bar_html(
            bar,
            letter(index) if bar.place is not None else '',
            prose_html(texts[bar.place]) if bar.place is not None else escape(bar.text),
            is_own=bar.place is not None and bar.place in own,
        )
        for index, bar in enumerate(told.bars)
    )
    listed = f'<ul class="asked-bars">{bars}{_others_html(told)}</ul>' if bars or told.others else ''
    facts = f'<p class="asked-facts">{escape(_("The bars move with every few answers."))}</p>'
    is_moving = asked.state is LiveQuestionState.OPEN and not told.is_hidden
    return f'{listed}{facts if is_moving else _facts_html(told)}{solution_html(asked)}'


def solution_html(asked: Asked) -> str:
    """Return what would have been right where that was typed; options say it in their bars."""
    if asked.solution is None or not asked.solution.texts:
        return ''
    said = _('Right: {answers}', answers=' · '.join(asked.solution.texts))
    return f'<p class="asked-solution" dir="auto">{escape(said)}</p>'


def lay_out(asked: Asked, then: Callable[[], object]) -> None:
    """Have long texts laid out beside the event loop; until then they are shown as they were written."""
    texts = [asked.text, *(option.text for option in asked.options)]
    if is_ready(*texts):
        return

    async def prepared() -> None:
        await prepare(*texts)
        then()

    background_tasks.create(prepared())


def _bar_html(bar: Bar, name: str, text: str, *, is_own: bool) -> str:
    right = {True: ' asked-right', False: ' asked-wrong', None: ''}[bar.is_right]
    words = [_('right')] if bar.is_right else []
    share = '' if bar.percent is None else f'<span class="number">{_("{percent} %", percent=bar.percent)}</span>'
    said = ''.join(f'<span class="asked-word">{escape(word)}</span>' for word in words)
    filling = filled(bar.percent) if bar.percent is not None else ''
    shape = f'<span class="bar {filling}" aria-hidden="true"></span>' if bar.percent is not None else ''
    return (
        f'<li class="asked-bar{right}{" asked-own" if is_own else ""}"><b translate="no">{name}</b>'
        f'<div class="prose" dir="auto">{text}</div><span class="asked-words">{said}{_own_word(is_own=is_own)}</span>'
        f'{share}{shape}</li>'
    )


def _own_word(*, is_own: bool) -> str:
    return f'<span class="asked-word asked-mine">{escape(_("your answer"))}</span>' if is_own else ''


def _others_html(told: Distribution) -> str:
    if not told.others:
        return ''
    others = Bar(place=None, text='', count=told.others, percent=told.others_percent, is_right=None)
    return _bar_html(others, '', escape(_('Other answers')), is_own=False)


def _facts_html(told: Distribution) -> str:
    if told.is_hidden:
        text = _('Shares are shown from {fewest} answers on, so that they show nobody.', fewest=FEWEST)
    else:
        text = ngettext('{count} person answered', '{count} people answered', told.answered)
    return f'<p class="asked-facts">{escape(text)}</p>'


def state_words(state: LiveQuestionState) -> str:
    """Return how far a question is."""
    return {
        LiveQuestionState.OPEN: _('Open'),
        LiveQuestionState.CLOSED: _('Closed'),
        LiveQuestionState.DISTRIBUTION: _('Answers are shown'),
        LiveQuestionState.SOLUTION: _('Solution is shown'),
    }[state]


def rule_html(asked: Asked) -> str:
    """Return how several ticks count, as a hint; empty where it goes without."""
    if asked.kind is not QuestionKind.MULTIPLE_CHOICE:
        return ''
    return f'<p class="hint">{escape(_("Several can be right."))}</p>'
