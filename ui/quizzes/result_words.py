"""How right an answer is, what would have been right and what is said about it, as HTML."""

from collections.abc import Mapping
from decimal import Decimal
from html import escape

from services.content.prose import prose_html
from services.quizzes import numbers
from services.quizzes.asked import Asked
from services.quizzes.question import NumberAnswer, QuestionKind, Tolerance
from services.quizzes.review import Shown, Solution, Verdict
from ui.kit.language import Spoken, _, ngettext
from ui.kit.rubric_words import marks_html

VERDICTS: Mapping[Verdict, str] = Spoken(
    {
        Verdict.RIGHT: lambda: _('Right'),
        Verdict.PARTLY: lambda: _('Partly right'),
        Verdict.WRONG: lambda: _('Not right'),
        Verdict.EMPTY: lambda: _('Not answered'),
        Verdict.WAITING: lambda: _('Waits for its grade'),
    }
)


def shown_html(asked: Asked, shown: Shown) -> str:
    """Return what is shown of an answer; nothing where nothing may be shown."""
    parts = [_verdict_html(asked, shown), _solution_html(asked, shown.solution) if shown.solution else '']
    parts += [f'<div class="prose" dir="auto">{prose_html(text)}</div>' for text in shown.feedback or ()]
    parts.append(marks_html(shown.marks))
    if shown.remark:
        said = f'<div class="prose" dir="auto">{prose_html(shown.remark)}</div>'
        parts.append(f'<p class="quiz-label">{escape(_("Your teacher says"))}</p>{said}')
    return ''.join(parts)


def worth(asked: Asked) -> str:
    """Return how many points a question gives."""
    points = asked.points
    if points == points.to_integral_value():
        return ngettext('{count} point', '{count} points', int(points))
    return _('{points} points', points=points_words(points))


def points_words(points: Decimal) -> str:
    """Return points with at most two places."""
    return numbers.shown(round(points, 2))


def _verdict_html(asked: Asked, shown: Shown) -> str:
    if shown.verdict is None:
        return ''
    points = ''
    if shown.points is not None:
        points = _(
            '{points} of {possible} points', points=points_words(shown.points), possible=points_words(asked.points)
        )
        points = f'<span class="hint">{escape(points)}</span>'
    word = escape(VERDICTS[shown.verdict])
    return f'<p class="quiz-verdict quiz-{shown.verdict}"><span>{word}</span>{points}</p>'


def _solution_html(asked: Asked, solution: Solution) -> str:
    lines = _solution_lines(asked, solution)
    if not lines:
        return ''
    tag = 'ol' if solution.order else 'ul'
    items = ''.join(f'<li dir="auto">{line}</li>' for line in lines)
    return f'<p class="quiz-label">{escape(_("What is right"))}</p><{tag} class="quiz-solution">{items}</{tag}>'


def _solution_lines(asked: Asked, solution: Solution) -> list[str]:
    if asked.kind is QuestionKind.TRUE_FALSE:
        return [escape(_('True') if place == 0 else _('False')) for place in solution.options]
    texts = dict(asked.options)
    return [
        *(inline_html(texts[place]) for place in solution.options if place in texts),
        *(escape(_number(each)) for each in solution.numbers),
        *(escape(text) for text in solution.texts),
        *(f'{inline_html(left)} – {escape(right)}' for left, right in solution.pairs),
        *(inline_html(part) for part in solution.order),
    ]


def inline_html(text: str) -> str:
    """Return Markdown as HTML, without the paragraph around a text that is one."""
    html = prose_html(text).strip()
    inner = html.removeprefix('<p>').removesuffix('</p>')
    return inner if html == f'<p>{inner}</p>' and '<p>' not in inner else html


def _number(answer: NumberAnswer) -> str:
    value = numbers.shown(answer.value)
    if not answer.tolerance:
        return value
    tolerance = numbers.shown(answer.tolerance)
    if answer.tolerance_kind is Tolerance.NOMINAL:
        return _('{number} ± {tolerance}', number=value, tolerance=tolerance)
    if answer.tolerance_kind is Tolerance.GEOMETRIC:
        return _('{number}, times or divided by {factor}', number=value, factor=numbers.shown(1 + answer.tolerance))
    return _('{number} ± {percent} %', number=value, percent=numbers.shown(answer.tolerance * 100))
