"""What was answered, as lines of HTML."""

from html import escape

from services.quizzes.asked import Asked
from services.quizzes.question import QuestionKind
from ui.kit.language import _
from ui.quizzes.result_words import inline_html


def answer_html(asked: Asked) -> str:
    """Return the answer to a question as those who teach read it."""
    lines = _lines(asked)
    if not lines:
        return ''  # the verdict says it
    label = f'<p class="quiz-label">{escape(_("Answer"))}</p>'
    if asked.kind is QuestionKind.ESSAY:
        return f'{label}<div class="quiz-essay" dir="auto">{lines[0]}</div>'
    tag = 'ol' if asked.kind is QuestionKind.ORDERING else 'ul'
    items = ''.join(f'<li dir="auto">{line}</li>' for line in lines)
    return f'{label}<{tag} class="quiz-solution">{items}</{tag}>'


def _lines(asked: Asked) -> list[str]:
    answer = asked.answer
    if answer is None:
        return []
    if asked.kind is QuestionKind.TRUE_FALSE:
        return [escape(_('True') if place == 0 else _('False')) for place in answer.chosen]
    options, rights = dict(asked.options), dict(asked.rights)
    chosen = [inline_html(options[place]) for place in (*answer.chosen, *answer.order) if place in options]
    pairs = [
        f'{inline_html(left)} – {escape(_("nothing") if place is None else rights.get(place, ""))}'
        for left, place in zip(asked.lefts, answer.pairs, strict=False)
    ]
    return [*chosen, *pairs, *([escape(answer.text)] if answer.text.strip() else [])]
