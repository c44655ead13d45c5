"""How a program that reads QTI 3.0 works out the score of an answer, and what it says of it."""

from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement

from services.quizzes.formats import qti2
from services.quizzes.formats.writing import as_nominal, number_text
from services.quizzes.question import WHOLE, CreditRule, Question, QuestionKind


def process(root: Element, question: Question) -> None:
    """Write the rules of a question; an essay is graded by people."""
    if question.kind is QuestionKind.ESSAY:
        return
    rules = SubElement(root, 'qti-response-processing')
    if question.kind is QuestionKind.NUMERIC:
        _numbers(rules, question)
    elif question.kind is QuestionKind.ORDERING or (
        question.kind is QuestionKind.MULTIPLE_CHOICE and question.credit_rule is CreditRule.ALL_OR_NOTHING
    ):
        branch = SubElement(SubElement(rules, 'qti-response-condition'), 'qti-response-if')
        _response_and_key(SubElement(branch, 'qti-match'))
        _set_score(branch, question.points)
    else:
        score = SubElement(rules, 'qti-set-outcome-value', identifier='SCORE')
        SubElement(score, 'qti-map-response', identifier='RESPONSE')
    if any(option.feedback for option in question.options):
        chosen = SubElement(rules, 'qti-set-outcome-value', identifier='CHOSEN')
        around = chosen if question.kind is QuestionKind.MULTIPLE_CHOICE else SubElement(chosen, 'qti-multiple')
        SubElement(around, 'qti-variable', identifier='RESPONSE')
    _feedback(rules, question)


def _numbers(rules: Element, question: Question) -> None:
    condition = SubElement(rules, 'qti-response-condition')
    tag = 'qti-response-if'
    for number in map(as_nominal, question.numbers):
        if number.is_any:
            continue
        branch = SubElement(condition, tag)
        tag = 'qti-response-else-if'
        distance = number_text(number.tolerance)
        facts = {'tolerance-mode': 'absolute', 'tolerance': f'{distance} {distance}'}
        equal = SubElement(branch, 'qti-equal', facts if number.tolerance else {'tolerance-mode': 'exact'})
        SubElement(equal, 'qti-variable', identifier='RESPONSE')
        SubElement(equal, 'qti-base-value', {'base-type': 'float'}).text = number_text(number.value)
        _set_score(branch, (question.points or Decimal(1)) * number.credit / WHOLE)


def _feedback(rules: Element, question: Question) -> None:
    """Say what is said of every answer, and what of right, partly right and wrong ones."""
    if question.feedback:
        _show(rules, qti2.GENERAL)
    if not (question.feedback_right or question.feedback_partly or question.feedback_wrong):
        return
    condition = SubElement(rules, 'qti-response-condition')
    for tag, name, test, least in (
        ('qti-response-if', qti2.RIGHT, 'qti-gte', question.points),
        ('qti-response-else-if', qti2.PARTLY, 'qti-gt', Decimal(0)),
    ):
        branch = SubElement(condition, tag)
        compared = SubElement(branch, test)
        SubElement(compared, 'qti-variable', identifier='SCORE')
        SubElement(compared, 'qti-base-value', {'base-type': 'float'}).text = number_text(least)
        _show(branch, name)
    _show(SubElement(condition, 'qti-response-else'), qti2.WRONG)


def _show(branch: Element, name: str) -> None:
    shown = SubElement(SubElement(branch, 'qti-set-outcome-value', identifier='FEEDBACK'), 'qti-multiple')
    SubElement(shown, 'qti-variable', identifier='FEEDBACK')
    SubElement(shown, 'qti-base-value', {'base-type': 'identifier'}).text = name


def _set_score(branch: Element, score: Decimal) -> None:
    outcome = SubElement(branch, 'qti-set-outcome-value', identifier='SCORE')
    SubElement(outcome, 'qti-base-value', {'base-type': 'float'}).text = number_text(score)


def _response_and_key(match: Element) -> None:
    SubElement(match, 'qti-variable', identifier='RESPONSE')
    SubElement(match, 'qti-correct', identifier='RESPONSE')
