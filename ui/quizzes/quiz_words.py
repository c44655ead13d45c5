"""What a quiz is, in whole sentences, for those who make it."""

from collections.abc import Mapping
from decimal import Decimal

from services.enums import Reveal
from services.quizzes.quiz_settings import Draw, QuizItem, QuizShown, Rules
from ui.kit.language import Spoken, _, ngettext
from ui.quizzes.question_words import points_shown

REVEALS: Mapping[Reveal, str] = Spoken(
    {
        Reveal.AFTER_ANSWER: lambda: _('as soon as a question is answered'),
        Reveal.AFTER_SUBMIT: lambda: _('after handing in'),
        Reveal.AFTER_CLOSE: lambda: _('after the quiz has closed'),
        Reveal.NEVER: lambda: _('never'),
    }
)

_AT_ONCE = Reveal.AFTER_ANSWER, Reveal.AFTER_SUBMIT


def item_title(item: QuizItem) -> str:
    """Return what a place in a quiz is called."""
    if isinstance(item, Draw):
        return _draw_words(item)
    return item.title


def _draw_words(draw: Draw) -> str:
    if draw.tag:
        return ngettext(
            '{count} question drawn from #{tag}', '{count} questions drawn from #{tag}', draw.count, tag=draw.tag
        )
    return ngettext(
        '{count} question drawn from the whole bank', '{count} questions drawn from the whole bank', draw.count
    )


def state_words(quiz: QuizShown) -> str:
    """Return whether learners can take a quiz, and what stands in the way."""
    if not quiz.items:
        return _('There is no question in it yet.')
    if not quiz.is_published:
        return _('Learners cannot begin it yet: it is not published.')
    return _('Learners can take it.')


def what_follows(quiz: QuizShown) -> str:
    """Return what follows from when a quiz shows what; empty where it is what everybody expects."""
    rules = quiz.rules
    if rules.is_practice:
        return ''
    said = '' if rules.closes_at else _without_end(quiz)
    return said or _before_the_last(rules)


def _before_the_last(rules: Rules) -> str:
    if not _key_waits(rules):
        return ''
    return _(
        'What would have been right is shown to learners once they cannot better their score: after the last attempt, '
        'when everything is right, or after the quiz has closed. Make it a practice quiz to show it earlier.'
    )


def _key_waits(rules: Rules) -> bool:
    return rules.shows_solution in _AT_ONCE and rules.attempts_allowed != 1


def _without_end(quiz: QuizShown) -> str:
    rules = quiz.rules
    shows_key = Reveal.AFTER_CLOSE in (rules.shows_right, rules.shows_solution, rules.shows_feedback)
    if quiz.has_end:
        if not (shows_key or _key_waits(rules)) or rules.attempts_allowed == 1:
            return ''
        if rules.shows_score in _AT_ONCE:
            return _(
                'The quiz has a due date and no end: once it was due, those who have passed or have no attempt left '
                'see what is right and cannot begin another attempt; the others can still begin one. Say when it '
                'closes if nobody should.'
            )
        return _(
            'The quiz has a due date and no end: once it was due, those who have handed in see what is right and '
            'cannot begin another attempt; the others can still begin one. Say when it closes if nobody should.'
        )
    if rules.shows_score is Reveal.AFTER_CLOSE:
        return _(
            'Nobody will see a score or complete the step: it is shown after the quiz has closed, and the quiz has '
            'neither an end nor a due date. Say when it closes.'
        )
    if shows_key:
        return _('What is shown after the quiz has closed stays hidden: the quiz has neither an end nor a due date.')
    return ''


def size_words(questions: int, points: Decimal) -> str:
    """Return how large a quiz is."""
    return ngettext(
        '{count} question, {points} points in all',
        '{count} questions, {points} points in all',
        questions,
        points=points_shown(points),
    )
