"""Reads the questions and quizzes of a course file: each part with its line, and all that is wrong at once."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from models import Reveal
from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.courses.draft import RULE_WORDS, DraftQuiz
from services.courses.file_nodes import Listing, Node, Nodes, Parts, Word, cut, meant
from services.courses.import_assignments import read_rubric
from services.quizzes import bank, checking, quiz_settings
from services.quizzes.question import (
    FORM,
    CreditRule,
    NumberAnswer,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
    Tolerance,
)
from services.quizzes.quiz_settings import Band, Draw, Fixed, QuizItem, Rules

LONGEST_NUMBER = 400
"""digits; the largest and smallest numbers that are compared have three hundred"""
_LISTS: Mapping[str, type] = {'options': Option, 'numbers': NumberAnswer, 'texts': TextAnswer, 'pairs': Pair}
_WORDS: Mapping[str, int] = {'tags': 100, 'order': checking.MOST_OPTIONS}
_NUMBERS = frozenset({'points', 'value', 'tolerance'})
_KNOWN: Mapping[str, Sequence[str]] = {
    'kind': tuple(QuestionKind),
    'credit_rule': tuple(CreditRule),
    'tolerance_kind': tuple(Tolerance),
}
"""the words that are possible where not all are"""


def read_questions(nodes: Nodes, node: Node | None) -> dict[int, Question]:
    """Return the questions of a file by their numbers."""
    found: dict[int, Question] = {}
    for each in nodes.items(node, phrase('the questions'), most=bank.MOST_QUESTIONS):
        parts = nodes.parts(each, phrase('the question'), _names(Question), needed=('number', *_needed(Question)))
        number = nodes.number(parts['number']) if 'number' in parts else 0
        if number in found:
            nodes.wrong(parts['number'], phrase('there are two questions {number}.', number=number))
        question = _question(nodes, each, parts)
        if question:
            found[number] = question
    return found


def read_quiz(nodes: Nodes, node: Node, numbers: Container[int]) -> DraftQuiz:
    """Return a quiz of a file, in which questions have these numbers."""
    optional = ('published', *RULE_WORDS, 'bands', 'questions')
    parts = nodes.parts(node, phrase('the quiz'), optional, needed=())
    rules = Rules(**_rules(nodes, parts), bands=_bands(nodes, parts.get('bands')))
    asked = nodes.items(parts.get('questions'), phrase('the questions'), most=quiz_settings.MOST_QUESTIONS)
    items = tuple(item for each in asked if (item := _item(nodes, each, numbers)))
    words = {name: word for word, name in RULE_WORDS.items()} | {'bands': 'bands', 'items': 'questions'}
    try:
        quiz_settings.columns_of(rules)
        quiz_settings.check_items(items)
    except Invalid as refusal:
        nodes.wrong(parts.get(words.get(refusal.field, '')) or node, refusal.sentence)
    return DraftQuiz(is_published=nodes.flag(parts.get('published')), rules=rules, items=items)


def _question(nodes: Nodes, node: Node, parts: Mapping[str, Node]) -> Question | None:
    before = len(nodes.problems)
    plain = _plain(nodes, {name: each for name, each in parts.items() if name not in {'number', 'rubric'}})
    rubric = read_rubric(nodes, parts['rubric']) if 'rubric' in parts else ()
    if len(nodes.problems) > before or not plain.keys() >= set(_needed(Question)):
        return None
    try:
        return checking.check(replace(FORM.validate_python(plain), rubric=rubric))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_context=False):
            nodes.wrong(_at(node, each['loc']), _unreadable(each['loc'], each['input']))
    except Invalid as refusal:
        nodes.wrong(parts.get(refusal.field) or node, refusal.sentence)
    return None


def _plain(nodes: Nodes, parts: Mapping[str, Node]) -> dict[str, Any]:
    """Return what stands in some parts: texts, lists of texts, and lists of parts."""
    plain: dict[str, Any] = {}
    for name, node in parts.items():
        if form := _LISTS.get(name):
            what = phrase('“{name}”', name=name)
            each_of = nodes.items(node, what, most=checking.MOST_OPTIONS)
            plain[name] = [
                _plain(nodes, nodes.parts(each, what, _names(form), needed=_needed(form))) for each in each_of
            ]
        elif most := _WORDS.get(name):
            plain[name] = [nodes.word(each) for each in nodes.items(node, phrase('“{name}”', name=name), most=most)]
        else:
            plain[name] = nodes.word(node)
            if name in _NUMBERS and len(plain[name]) > LONGEST_NUMBER:
                nodes.wrong(node, _unreadable((name,), plain[name]))
    return plain


def _names(form: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(form))


def _needed(form: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(form) if each.default is MISSING)


def _at(node: Node, place: Sequence[int | str]) -> Node:
    """Return what stands at a place, or the part around it."""
    for each in place:
        if isinstance(each, int) and isinstance(node, Listing) and each < len(node.nodes):
            node = node.nodes[each]
        elif isinstance(node, Parts):
            node = next((value for key, value in node.pairs() if isinstance(key, Word) and key.value == each), node)
    return node


def _unreadable(place: Sequence[int | str], given: object) -> Phrase:
    known = _KNOWN.get(str(place[-1]) if place else '')
    if known:
        return phrase('“{word}” is not known here. {hint}', word=cut(str(given)), hint=meant(str(given), known))
    return phrase('“{word}” cannot be read here.', word=cut(str(given)))


def _rules(nodes: Nodes, parts: Mapping[str, Node]) -> dict[str, Any]:
    new = Rules()
    rules: dict[str, Any] = {}
    for word in RULE_WORDS.keys() & parts.keys():
        name, node = RULE_WORDS[word], parts[word]
        before: Any = getattr(new, name)
        if isinstance(before, bool):
            rules[name] = nodes.flag(node)
        elif isinstance(before, Reveal):
            rules[name] = _reveal(nodes, node)
        else:
            rules[name] = nodes.moment(node) if name in {'opens_at', 'closes_at'} else nodes.number(node)
    return rules


def _reveal(nodes: Nodes, node: Node) -> Reveal:
    word = nodes.word(node)
    if word not in set(Reveal):
        known = tuple(Reveal)
        nodes.wrong(node, phrase('“{word}” is not known here. {hint}', word=cut(word), hint=meant(word, known)))
        return Reveal.NEVER
    return Reveal(word)


def _bands(nodes: Nodes, node: Node | None) -> tuple[Band, ...]:
    found = []
    for each in nodes.items(node, phrase('the bands'), most=quiz_settings.MOST_BANDS):
        parts = nodes.parts(each, phrase('the band'), needed=('from_percent', 'text'))
        if len(parts) == 2:
            found.append(Band(from_percent=nodes.number(parts['from_percent']), text=nodes.word(parts['text'])))
    return tuple(found)


def _item(nodes: Nodes, node: Node, numbers: Container[int]) -> QuizItem | None:
    parts = nodes.parts(node, phrase('the question'), ('question', 'draw', 'tag', 'points'), needed=())
    points = _points(nodes, parts.get('points'))
    if 'draw' in parts and 'question' not in parts:
        tag = nodes.word(parts['tag']) if 'tag' in parts else ''
        return Draw(tag=tag, count=nodes.number(parts['draw']), points=points)
    if 'question' not in parts or 'draw' in parts or 'tag' in parts:
        nodes.wrong(node, phrase('say which “question” it is by its number, or how many to “draw” with which “tag”.'))
        return None
    if (number := nodes.number(parts['question'])) not in numbers:
        nodes.wrong(parts['question'], phrase('there is no question {number} in this file.', number=number))
        return None
    return Fixed(question_id=number, points=points)


def _points(nodes: Nodes, node: Node | None) -> Decimal | None:
    word = nodes.word(node) if node else ''
    if node is None:
        return None
    try:
        return Decimal(word if len(word) <= LONGEST_NUMBER else '')
    except InvalidOperation:
        nodes.wrong(node, _unreadable(('points',), word))
        return None
