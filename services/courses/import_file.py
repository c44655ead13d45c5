"""Reads a course file; says what is wrong with it, line by line."""

import heapq
from collections.abc import Container, Sequence
from typing import TypeVar

from models import CheckpointKind
from services.assignments.rules import Rules
from services.checkpoint_kinds import KINDS, OFFERED
from services.core.errors import Invalid
from services.core.phrases import Phrase, lines, phrase
from services.core.text import check_text, check_title, line, storable
from services.courses import course_grading, video_links
from services.courses.catalog import ATTENTION_LIMITS
from services.courses.checkpoints import LONGEST_BODY, MOST_CHECKPOINTS, Details, check_details
from services.courses.draft import Draft, DraftCheckpoint, DraftFile, DraftGrade, DraftGrading, DraftModule, DraftQuiz
from services.courses.file_nodes import MOST_PROBLEMS, Node, Nodes, cut, meant, whole
from services.courses.import_assignments import read_assignment
from services.courses.import_quizzes import read_questions, read_quiz
from services.courses.yaml_nodes import NotRead, compose
from services.quizzes.question import Question

FORMAT = 1
LONGEST_FILE = 5_000_000
MOST_MODULES = 200
LONGEST_PATH = 300
T = TypeVar('T')


class BrokenFile(Invalid):
    """A course file that cannot be read; `problems` has one sentence for each thing that is wrong, with its line."""

    def __init__(self, problems: Sequence[Phrase], *, more: int = 0) -> None:
        self.problems = tuple(problems[:MOST_PROBLEMS])
        more += len(problems) - len(self.problems)
        rest = [phrase('And {more} more.', more=more)] if more > 0 else []
        super().__init__(lines([*self.problems, *rest]), field='file')


def at_line(number: int, problem: Phrase) -> Phrase:
    """Return what is wrong, with the line where it is."""
    return phrase('Line {line}: {problem}', line=number, problem=problem)


def read(content: bytes) -> Draft:
    """Return the course that a file describes; raises `BrokenFile`."""
    try:
        root = compose(_text(content))
    except NotRead as trouble:
        raise BrokenFile([at_line(trouble.line, trouble.sentence)]) from trouble
    reader = _Reader()
    draft = reader.course(root)
    if reader.problems:
        first = heapq.nsmallest(MOST_PROBLEMS, reader.problems, key=lambda each: each[0])
        raise BrokenFile([at_line(*problem) for problem in first], more=len(reader.problems) - len(first))
    return draft


def check_files(draft: Draft, there: Container[str]) -> None:
    """Raise `BrokenFile` if a checkpoint refers to a file that did not come along."""
    lost = [file for file in draft.files() if file.path not in there]
    if lost:
        raise BrokenFile(
            [
                at_line(file.line, phrase('“{path}” is missing. {hint}', path=cut(file.path), hint=_WHOLE))
                for file in lost
            ]
        )


def _text(content: bytes) -> str:
    if len(content) > LONGEST_FILE:
        raise BrokenFile([phrase('The file is larger than 5 MB; a course file never is.')])
    try:
        return content.decode('utf-8-sig')
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b'\n') + 1
        raise BrokenFile(
            [at_line(line, phrase('this is not text. Choose a file that Waymark has exported.'))]
        ) from error


class _Reader(Nodes):
    """Walks through a file and collects what is wrong, so that everything can be corrected at once."""

    def __init__(self) -> None:
        super().__init__()
        self._checkpoints = 0
        self._questions: dict[int, Question] = {}
        self._grading = DraftGrading()

    def course(self, root: Node) -> Draft:
        parts = self.parts(root, phrase('the file'), ('grading', 'questions'), needed=('waymark', 'course', 'modules'))
        if 'waymark' in parts and self.word(parts['waymark']) != str(FORMAT):
            self.wrong(
                parts['waymark'], phrase('this Waymark reads files that say “waymark: {format}”.', format=FORMAT)
            )
        course = parts.get('course')
        facts = (
            self.parts(
                course,
                phrase('the course'),
                ('subject', 'description', 'classmates_help', 'without_certificates', 'mastery_percent', 'alerts'),
                needed=('title',),
            )
            if course
            else {}
        )
        self._questions = read_questions(self, parts.get('questions'))
        self._grading = course_grading.read(self, parts.get('grading'))
        modules = self.items(parts.get('modules'), phrase('the modules'), most=MOST_MODULES)
        return Draft(
            title=self.checked(facts.get('title'), lambda text: check_title(text, 'course')),
            subject=self.checked(facts.get('subject'), lambda text: line(text)[:80]),
            description=self.checked(facts.get('description'), check_text),
            classmates_help=self.flag(facts.get('classmates_help')),
            gives_certificates=not self.flag(facts.get('without_certificates')),
            mastery_percent=self._mastery(facts.get('mastery_percent')),
            alerts=self._alerts(facts.get('alerts')),
            grading=self._grading,
            modules=tuple(self._module(node) for node in modules),
            questions=self._questions,
        )

    def _module(self, node: Node) -> DraftModule:
        parts = self.parts(node, phrase('the module'), ('description', 'steps'), needed=('title',))
        checkpoints = self.items(parts.get('steps'), phrase('the steps'), most=MOST_CHECKPOINTS - self._checkpoints)
        self._checkpoints += len(checkpoints)
        return DraftModule(
            title=self.checked(parts.get('title'), lambda text: check_title(text, 'module')),
            description=self.checked(parts.get('description'), check_text),
            checkpoints=tuple(self._checkpoint(checkpoint) for checkpoint in checkpoints),
        )

    def _mastery(self, node: Node | None) -> int | None:
        percent = whole(self.word(node)) if node else None
        if node and (percent is None or not 1 <= percent <= 100):
            self.wrong(node, phrase('Enter a number from {least} to {most}.', least=1, most=100))
        return percent

    def _alerts(self, node: Node | None) -> dict[str, int]:
        if node is None:
            return {}
        parts = self.parts(node, phrase('the alerts'), needed=tuple(ATTENTION_LIMITS))
        chosen = {}
        for name, each in parts.items():
            (least, most), number = ATTENTION_LIMITS[name], whole(self.word(each))
            if number is not None and least <= number <= most:
                chosen[name] = number
            else:
                self.wrong(each, phrase('Enter a number from {least} to {most}.', least=least, most=most))
        return chosen

    def _checkpoint(self, node: Node) -> DraftCheckpoint:
        optional = (*_PARTS, *_FILES)
        parts = self.parts(node, phrase('the step'), optional, needed=('title',))
        details = self._details(node, parts)
        files = KINDS[details.kind].files
        file = self._file(parts, 'file', files[0] if files else '')
        captions = self._file(parts, 'captions', 'captions' if file and 'captions' in files else '')
        return DraftCheckpoint(
            details=details,
            file=file,
            captions=captions,
            quiz=self._quiz(parts, details.kind),
            assignment=self._assignment(parts, details.kind),
            grade=self._grade(parts, details.kind),
        )

    def _grade(self, parts: dict[str, Node], kind: CheckpointKind) -> DraftGrade | None:
        if not (node := parts.get('grade')):
            return None
        if kind not in {CheckpointKind.QUIZ, CheckpointKind.ASSIGNMENT}:
            self.wrong(node, phrase('a step like this has no “{name}”.', name='grade'))
            return None
        return course_grading.read_item(self, node, self._grading)

    def _assignment(self, parts: dict[str, Node], kind: CheckpointKind) -> Rules | None:
        if not (node := parts.get('assignment')):
            return None
        if kind is not CheckpointKind.ASSIGNMENT:
            self.wrong(node, phrase('a step like this has no “{name}”.', name='assignment'))
            return None
        return read_assignment(self, node)

    def _quiz(self, parts: dict[str, Node], kind: CheckpointKind) -> DraftQuiz | None:
        if not (node := parts.get('quiz')):
            return None
        if kind is not CheckpointKind.QUIZ:
            self.wrong(node, phrase('a step like this has no “{name}”.', name='quiz'))
            return None
        return read_quiz(self, node, self._questions)

    def _file(self, parts: dict[str, Node], name: str, part: str) -> DraftFile | None:
        """Return the file that a checkpoint refers to; `part` is empty where a checkpoint of its kind can have none."""
        node = parts.get(name)
        path = self.checked(node, _check_path)
        if node is None or not path:
            return None
        if not part:
            self.wrong(node, phrase('a step like this has no “{name}”.', name=name))
            return None
        shown = self.checked(parts.get(f'{name}_name'), line)[:LONGEST_PATH]
        return DraftFile(path=path, name=shown or path, line=node.line, part=part)

    def _details(self, node: Node, parts: dict[str, Node]) -> Details:
        title = self.checked(parts.get('title'), lambda text: check_title(text, 'checkpoint'))
        details = Details(
            title=title or 'Step',
            kind=self._kind(parts.get('kind')),
            body=self.checked(parts.get('body'), lambda text: check_text(text, most=LONGEST_BODY)),
            link=self.checked(parts.get('link'), video_links.check),
            description=self.checked(parts.get('description'), check_text),
            estimated_minutes=self._minutes(parts.get('minutes')),
            due_at=self.moment(parts.get('due')),
            tags=tuple(self.word(tag) for tag in self.items(parts.get('tags'), phrase('the tags'), most=100)),
            is_preview=self.flag(parts.get('preview')),
        )
        try:
            return check_details(details)
        except Invalid as refusal:
            places = {'estimated_minutes': parts.get('minutes'), 'due_at': parts.get('due')}
            self.wrong(places.get(refusal.field) or node, refusal.sentence)
            return details

    def _kind(self, node: Node | None) -> CheckpointKind:
        word = self.word(node) if node else CheckpointKind.MARKER.value
        if word in OFFERED:
            return CheckpointKind(word)
        if node and word in set(CheckpointKind):
            name = KINDS[CheckpointKind(word)].name
            self.wrong(
                node, phrase('this Waymark does not have {kind} yet. {hint}', kind=name, hint=meant('', OFFERED))
            )
        elif node:
            self.wrong(node, phrase('“{word}” is no kind of step. {hint}', word=cut(word), hint=meant(word, OFFERED)))
        return CheckpointKind.MARKER

    def _minutes(self, node: Node | None) -> int | None:
        word = self.word(node) if node else ''
        if node and whole(word) is None:
            self.wrong(node, phrase('the minutes must be a whole number, not “{word}”.', word=cut(word)))
        return whole(word)


_WHOLE = phrase('Choose the whole .zip as it was exported.')
_PARTS = ('kind', 'description', 'body', 'link', 'minutes', 'due', 'tags', 'preview', 'quiz', 'assignment', 'grade')
_FILES = ('file', 'file_name', 'captions', 'captions_name')


def _check_path(path: str) -> str:
    if len(path) > LONGEST_PATH:
        raise Invalid('This path is too long; use at most {most} characters.', most=LONGEST_PATH)
    return storable(path).strip()
