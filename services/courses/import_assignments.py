"""Reads the rules of an assignment from a course file: each part with its line."""

from collections.abc import Mapping

from models import FileKind
from services.assignments import rules as assignment_rules
from services.assignments.rules import Rules
from services.core.errors import Invalid
from services.core.phrases import phrase
from services.courses.draft import ASSIGNMENT_WORDS
from services.courses.file_nodes import Node, Nodes, cut, meant
from services.rubrics import MOST_CRITERIA, MOST_LEVELS, Criterion, Level, Rubric, checked

_FLAGS = frozenset({'text', 'late', 'graded', 'resubmit', 'hides_names'})


def read_assignment(nodes: Nodes, node: Node) -> Rules:
    """Return how an assignment of a file is handed in."""
    parts = nodes.parts(node, phrase('the assignment'), (*ASSIGNMENT_WORDS, 'kinds', 'rubric'), needed=())
    read = {
        name: nodes.flag(parts[word]) if word in _FLAGS else nodes.number(parts[word])
        for word, name in ASSIGNMENT_WORDS.items()
        if word in parts
    }
    new = Rules()
    rules = Rules(
        takes_text=bool(read.get('takes_text', new.takes_text)),
        takes_late=bool(read.get('takes_late', new.takes_late)),
        is_graded=bool(read.get('is_graded', new.is_graded)),
        may_resubmit=bool(read.get('may_resubmit', new.may_resubmit)),
        most_files=int(read.get('most_files', new.most_files)),
        passing_percent=int(read.get('passing_percent', new.passing_percent)),
        hides_names=bool(read.get('hides_names', new.hides_names)),
        file_kinds=_kinds(nodes, parts) if 'kinds' in parts else new.file_kinds,
        rubric=read_rubric(nodes, parts['rubric']) if 'rubric' in parts else new.rubric,
    )
    words = {name: word for word, name in ASSIGNMENT_WORDS.items()} | {'file_kinds': 'kinds', 'rubric': 'rubric'}
    try:
        assignment_rules.columns_of(rules)
    except Invalid as refusal:
        nodes.wrong(parts.get(words.get(refusal.field, '')) or node, refusal.sentence)
    return rules


def _kinds(nodes: Nodes, parts: Mapping[str, Node]) -> frozenset[FileKind]:
    found = set()
    for each in nodes.items(parts['kinds'], phrase('the kinds of files'), most=len(FileKind)):
        word = nodes.word(each)
        if word in set(FileKind):
            found.add(FileKind(word))
        else:
            hint = meant(word, list(FileKind))
            nodes.wrong(each, phrase('“{word}” is no kind of file. {hint}', word=cut(word), hint=hint))
    return frozenset(found)


def read_rubric(nodes: Nodes, node: Node) -> Rubric:
    """Return the rubric of an assignment or an essay in a file."""
    criteria = []
    for each in nodes.items(node, phrase('the rubric'), most=MOST_CRITERIA):
        parts = nodes.parts(each, phrase('the criterion'), needed=('criterion', 'levels'))
        levels = tuple(_level(nodes, level) for level in _levels(nodes, parts))
        criteria.append(Criterion(title=nodes.word(parts['criterion']) if 'criterion' in parts else '', levels=levels))
    try:
        return checked(criteria) if not nodes.problems else ()
    except Invalid as refusal:
        nodes.wrong(node, refusal.sentence)
        return ()


def _levels(nodes: Nodes, parts: Mapping[str, Node]) -> list[Node]:
    return nodes.items(parts.get('levels'), phrase('the levels'), most=MOST_LEVELS)


def _level(nodes: Nodes, node: Node) -> Level:
    parts = nodes.parts(node, phrase('the level'), needed=('points', 'text'))
    points = nodes.number(parts['points']) if 'points' in parts else 0
    return Level(points=points, text=nodes.word(parts['text']) if 'text' in parts else '')
