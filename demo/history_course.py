"""The course of the demo school that has gone on for ten of its twelve weeks: checkpoints with dates, quizzes,
reports.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from services.access import Actor
from services.assignments import rules as assignment_rules
from services.core import zones
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, modules, outline
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.quizzes import bank, quiz_settings
from services.quizzes.question import WHOLE, NumberAnswer, Option, Question, QuestionKind
from services.quizzes.quiz_settings import Fixed, Rules

TITLE = 'Soil through the seasons'
ABOUT = 'Twelve weeks with one patch of ground: a class each week, and something to do at home.'
WEEKS_GONE = 10
DAYS_BEFORE = 66
"""since the first day of the term"""
CLASS_DAY, CLASS_HOUR = 2, 10
"""on which day of a week of the term the class is, and when"""
FRIDAY = 4
DUE_HOUR = 20
MARKER, DOCUMENT, QUIZ, REPORT = (
    CheckpointKind.MARKER,
    CheckpointKind.DOCUMENT,
    CheckpointKind.QUIZ,
    CheckpointKind.ASSIGNMENT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheckpoint:
    """A checkpoint as it is planned, and how it went."""

    title: str
    kind: CheckpointKind
    week: int
    minutes: int
    due_day: int = 6
    """of its week, the first being 0"""
    in_class: bool = False
    tags: tuple[str, ...] = ()
    takes: float = 1.0
    """how many times the planned minutes it really takes"""
    stops: float = 0.0
    """share of those who begin and do not finish"""

    @property
    def day(self) -> int:
        """On which day of the term it is due."""
        return 7 * (self.week - 1) + self.due_day


PARTS: dict[str, tuple[PlannedCheckpoint, ...]] = {
    'The ground beneath us': (
        PlannedCheckpoint(title='What soil is made of', kind=DOCUMENT, week=1, minutes=20, tags=('grains',)),
        PlannedCheckpoint(
            title='Draw what you dug up', kind=MARKER, week=2, minutes=25, in_class=True, tags=('layers',)
        ),
        PlannedCheckpoint(title='Sand, silt and clay', kind=DOCUMENT, week=3, minutes=20, tags=('grains',), takes=1.1),
        PlannedCheckpoint(title='Quiz 1: grains and layers', kind=QUIZ, week=3, minutes=15, tags=('grains', 'layers')),
    ),
    'Water and what it carries': (
        PlannedCheckpoint(
            title='Feel it between your fingers', kind=MARKER, week=4, minutes=25, in_class=True, tags=('grains',)
        ),
        PlannedCheckpoint(title='How water moves', kind=DOCUMENT, week=5, minutes=25, tags=('water',), takes=1.2),
        PlannedCheckpoint(
            title='Measure the pH of three samples',
            kind=MARKER,
            week=6,
            minutes=20,
            in_class=True,
            tags=('chemistry',),
            takes=2.1,
            stops=0.2,
        ),
        PlannedCheckpoint(
            title='Quiz 2: water and pH', kind=QUIZ, week=6, minutes=15, tags=('water', 'chemistry'), takes=1.2
        ),
        PlannedCheckpoint(title='Report: my patch of ground', kind=REPORT, week=7, minutes=90, tags=('writing',)),
    ),
    'What lives in it': (
        PlannedCheckpoint(title='Worms, roots and fungi', kind=DOCUMENT, week=8, minutes=25, tags=('life',), takes=0.9),
        PlannedCheckpoint(
            title='Build a worm jar', kind=MARKER, week=9, minutes=30, in_class=True, tags=('life',), takes=0.8
        ),
        PlannedCheckpoint(title='Quiz 3: life in the soil', kind=QUIZ, week=9, minutes=15, due_day=11, tags=('life',)),
        PlannedCheckpoint(title='Begin your compost diary', kind=MARKER, week=10, minutes=15, tags=('life',)),
    ),
    'What we do with it': (
        PlannedCheckpoint(title='Soil and the climate', kind=DOCUMENT, week=11, minutes=25, tags=('climate',)),
        PlannedCheckpoint(title='Plan a bed', kind=REPORT, week=12, minutes=60, tags=('writing',)),
        PlannedCheckpoint(title='The last quiz', kind=QUIZ, week=12, minutes=20, tags=('grains', 'water', 'life')),
    ),
}
CHECKPOINTS: tuple[PlannedCheckpoint, ...] = tuple(
    checkpoint for checkpoints in PARTS.values() for checkpoint in checkpoints
)
BODIES = {
    'What soil is made of': 'Half of soil is **grains**, a quarter **water**, a quarter **air**; a little is alive.',
    'Sand, silt and clay': 'Grains of **sand** you can see. **Silt** feels like flour. **Clay** is too fine to feel.',
    'How water moves': 'Water sinks by its weight and *rises* in narrow pores, as it does in a sponge.',
    'Worms, roots and fungi': 'A handful of soil has more living things in it than there are people on the planet.',
    'Soil and the climate': 'Soil holds more carbon than the air and all plants together, as long as it is covered.',
}
RULES = Rules(passing_percent=60, attempts_allowed=3)
MISKEYED = 'Which of these lets water through most quickly?'
"""In the key of this question the wrong answer is right: those who know most get it wrong."""
ASKED: dict[str, tuple[tuple[str, tuple[str, ...], int], ...]] = {
    'Quiz 1: grains and layers': (
        ('Which grains are the finest?', ('Sand', 'Clay', 'Silt'), 1),
        ('What gives the topmost layer its dark colour?', ('Iron', 'Humus', 'Water', 'Lime'), 1),
        ('What is below the subsoil?', ('Topsoil', 'Rock that crumbles', 'Roots'), 1),
        ('What fills the space between the grains?', ('Only air', 'Only water', 'Air and water'), 2),
        ('Which soil warms up first in spring?', ('Clay', 'Peat', 'Sand'), 2),
    ),
    'Quiz 2: water and pH': (
        ('What makes water rise in soil?', ('Its weight', 'Narrow pores', 'The wind'), 1),
        ('What does lime do to a sour soil?', ('It makes it less sour', 'It makes it wetter', 'Nothing'), 0),
        ('Which pH do most vegetables like?', ('3 to 4', '6 to 7', '9 to 10'), 1),
        ('What does a worm do for water?', ('It drinks it', 'It opens ways for it', 'It stops it'), 1),
        (MISKEYED, ('Clay', 'Sand', 'Loam'), 0),
    ),
    'Quiz 3: life in the soil': (
        ('What do fungi give to roots?', ('Water and salts', 'Light', 'Seeds'), 0),
        ('What do worms eat?', ('Stones', 'Dead leaves', 'Roots'), 1),
        ('Where are most living things?', ('In the topsoil', 'In the subsoil', 'In the rock'), 0),
        ('What do roots breathe?', ('Nothing', 'Air from the pores', 'Water'), 1),
        ('What makes compost warm?', ('The sun', 'What lives in it', 'Stones'), 1),
    ),
    'The last quiz': (
        ('What is soil?', ('Ground stone', 'Grains, water, air and life', 'Old leaves'), 1),
        ('What keeps carbon in the soil?', ('Ploughing', 'Leaving it bare', 'Keeping it covered'), 2),
    ),
}
RIGHT_IN_TRUTH = {MISKEYED: 1}
NEUTRAL = Question(
    kind=QuestionKind.NUMERIC,
    text='Which pH is neutral?',
    tags=('chemistry',),
    numbers=(NumberAnswer(value=Decimal(7), tolerance=Decimal('0.1')),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The course, and when its term began."""

    course_id: int
    code: str
    begins: datetime
    """midnight of the first day"""
    ids: dict[str, int]
    """checkpoints by title"""

    @property
    def days_into_weekend(self) -> int:
        """How far from Friday the class day is, so that no class is held on a weekend, on whichever day one looks."""
        first_class = zones.local_date(zones.school(), self.at(CLASS_DAY, CLASS_HOUR))
        return max(0, first_class.weekday() - FRIDAY)

    def at(self, day: float, hour: float = 0) -> datetime:
        """Return the moment of an hour of a day of the term."""
        return self.begins + timedelta(days=day, hours=hour)


def first_day(now: datetime) -> datetime:
    """Return the midnight with which the term began."""
    zone = zones.school()
    return zones.start_of_day(zone, zones.local_date(zone, now) - timedelta(days=DAYS_BEFORE))


def make_course(tx: Transaction, instructor: Actor, begins: datetime) -> Made:
    """Make the course with all that is in it."""
    course_id = catalog.create(tx, instructor, title=TITLE, subject='Biology', description=ABOUT)
    for module in outline.sections(tx, instructor, course_id):
        modules.delete(tx, instructor, module.module_id)
    made = Made(course_id=course_id, code=catalog.facts(tx, instructor, course_id).code or '', begins=begins, ids={})
    for title, planned in PARTS.items():
        module_id = modules.add(tx, instructor, course_id, title=title)
        for each in planned:
            made.ids[each.title] = _add(tx, instructor, made, module_id, each)
    return made


def _add(tx: Transaction, instructor: Actor, made: Made, module_id: int, checkpoint: PlannedCheckpoint) -> int:
    details = Details(
        title=checkpoint.title,
        kind=checkpoint.kind,
        body=BODIES.get(checkpoint.title, ''),
        estimated_minutes=checkpoint.minutes,
        due_at=made.at(checkpoint.day, DUE_HOUR),
        tags=checkpoint.tags,
    )
    checkpoint_id = checkpoints.add_one(tx, instructor, made.course_id, details=details, module_id=module_id)
    if checkpoint.kind is QUIZ:
        ids = bank.add_many(tx, instructor, made.course_id, questions_of(checkpoint.title))
        quiz_settings.set_rules(tx, instructor, checkpoint_id, RULES)
        quiz_settings.set_items(tx, instructor, checkpoint_id, [Fixed(question_id=each) for each in ids])
        quiz_settings.publish(tx, instructor, checkpoint_id, published=True)
    elif checkpoint.kind is REPORT:
        assignment_rules.set_rules(tx, instructor, checkpoint_id, assignment_rules.Rules(most_files=0))
    return checkpoint_id


def questions_of(title: str) -> list[Question]:
    """Return the questions of a quiz, with the key as its teacher typed it."""
    chosen = [
        Question(
            kind=QuestionKind.SINGLE_CHOICE,
            text=text,
            options=tuple(
                Option(text=option, credit=WHOLE if index == right else 0) for index, option in enumerate(options)
            ),
        )
        for text, options, right in ASKED[title]
    ]
    return [*chosen, NEUTRAL] if title.startswith('Quiz 2') else chosen
