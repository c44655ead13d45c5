"""Questions in the bank of a course, quizzes made of them, and attempts with every answer."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import AttemptState, Change, DeviceClass, Mode, Reveal
from models.personal import Erase, analytics, declare, kept

_OPEN = text("state = 'in_progress'")
_HELD = text('is_held')
_ENDING = text("state = 'in_progress' AND ends_at IS NOT NULL")


class Question(SQLModel, table=True):
    """A question in the bank of a course; what it says is in its versions. Deleted softly: attempts need it."""

    __tablename__ = 'questions'
    __table_args__ = (Index('ix_questions_course', 'course_id', 'deleted_at'),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    version: int = 1
    """the number of its newest version"""
    kind: str = Field(max_length=24)
    title: str = Field(max_length=120)
    """its own, or the beginning of what it asks"""
    plain: str = Field(default='', max_length=4_000)
    """title and text in small letters, for the search"""
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Question,
    plain='id course_id version kind title plain tags[] created_at updated_at deleted_at',
    because='It is a part of a course.',
)


class QuestionVersion(SQLModel, table=True):
    """What a question said at some time. Attempts keep the versions that they were made with."""

    __tablename__ = 'question_versions'
    __table_args__ = (UniqueConstraint('question_id', 'number'),)

    id: int = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key='questions.id', ondelete='RESTRICT')
    number: int
    content: str = Field(max_length=2_000_000)
    """JSON, as `services.quizzes.question.FORM` writes it"""
    points: int
    """in hundredths"""
    created_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    created_at: datetime = Field(sa_type=UtcDateTime)
    change: Change = Field(default=Change.FROM_NOW_ON, sa_type=words(Change))
    """what it means for attempts that were made with another version"""
    keeps_better: bool = True
    """whether an attempt that would lose points keeps what it has"""
    reason: str = Field(default='', max_length=280)
    """what the teacher says to those whose score has changed"""
    regraded_to: int = 0
    """the id of the last attempt that was regraded"""
    regraded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when all of them were"""


declare(
    QuestionVersion,
    others='created_by',
    plain='id question_id number content points created_at change keeps_better reason regraded_to regraded_at',
    because='It is a part of a course.',
)


class QuestionPicture(SQLModel, table=True):
    """A picture that questions of a course show, whole in the data folder; the courses that have it share the file."""

    __tablename__ = 'question_pictures'
    __table_args__ = (UniqueConstraint('course_id', 'name'),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    name: str = Field(max_length=80, index=True)
    """the SHA-256 of what is in it, and how such files end"""
    media_type: str = Field(max_length=20)
    """what it really is, by its content"""
    size: int
    """in bytes"""
    stored_as: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UtcDateTime)


declare(
    QuestionPicture,
    plain='id course_id name media_type size stored_as added_at',
    because='It is a part of a course.',
)


class Quiz(SQLModel, table=True):
    """How a checkpoint that is a quiz is taken, and who sees what of it when. Open to learners once published."""

    __tablename__ = 'quizzes'

    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    is_published: bool = False
    minutes: int | None = None
    """the time limit, before extra time"""
    attempts_allowed: int | None = None
    opens_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    passing_percent: int = 60
    is_practice: bool = False
    """whether attempts are for practice alone: no limit, no score that counts"""
    is_adaptive: bool = False
    """whether the next question is chosen by how sure the learner is; only for practice, one question at a time"""
    asks_confidence: bool = False
    one_at_a_time: bool = False
    may_go_back: bool = True
    shuffles_questions: bool = False
    shuffles_options: bool = True
    shows_score: Reveal = Field(default=Reveal.AFTER_SUBMIT, sa_type=words(Reveal))
    shows_right: Reveal = Field(default=Reveal.AFTER_SUBMIT, sa_type=words(Reveal))
    shows_solution: Reveal = Field(default=Reveal.AFTER_CLOSE, sa_type=words(Reveal))
    shows_feedback: Reveal = Field(default=Reveal.AFTER_SUBMIT, sa_type=words(Reveal))
    bands: list[list[int | str]] = Field(default_factory=list, sa_type=JSON)
    """feedback by score: [from percent, text], the highest first"""
    updated_at: datetime = Field(sa_type=UtcDateTime)


declare(
    Quiz,
    plain='checkpoint_id course_id is_published minutes attempts_allowed opens_at closes_at passing_percent '
    'is_practice is_adaptive asks_confidence one_at_a_time may_go_back shuffles_questions shuffles_options '
    'shows_score shows_right shows_solution shows_feedback bands[] updated_at',
    because='It is a part of a course.',
)


class QuizPart(SQLModel, table=True):
    """One place in a quiz: a fixed question, or some questions drawn from those with a tag."""

    __tablename__ = 'quiz_parts'

    id: int = Field(default=None, primary_key=True)
    checkpoint_id: int = Field(foreign_key='quizzes.checkpoint_id', ondelete='CASCADE', index=True)
    position: int
    question_id: int | None = Field(default=None, foreign_key='questions.id', ondelete='RESTRICT', index=True)
    draw_tag: str = Field(default='', max_length=40)
    """empty, where no question is fixed, for any question of the bank"""
    draw_count: int = 0
    points: int | None = None
    """of each question, in hundredths; None for its own"""


declare(
    QuizPart,
    plain='id checkpoint_id position question_id draw_tag draw_count points',
    because='It is a part of a course.',
)


class QuizException(SQLModel, table=True):
    """What is different in one quiz for one learner."""

    __tablename__ = 'quiz_exceptions'

    checkpoint_id: int = Field(foreign_key='quizzes.checkpoint_id', ondelete='CASCADE', primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True, index=True)
    minutes: int | None = None
    attempts_allowed: int | None = None
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    QuizException,
    kept(
        'checkpoint_id minutes attempts_allowed closes_at',
        'more time or more attempts in a quiz',
        'so that nobody is at a disadvantage',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)


class Attempt(SQLModel, table=True):
    """One attempt of one learner at one quiz: in progress, submitted (an essay waits for its grade), or graded."""

    __tablename__ = 'attempts'
    __table_args__ = (
        UniqueConstraint('user_id', 'checkpoint_id', 'number'),
        Index('ix_attempts_open', 'user_id', 'checkpoint_id', unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index('ix_attempts_ending', 'ends_at', sqlite_where=_ENDING, postgresql_where=_ENDING),
        Index('ix_attempts_checkpoint', 'checkpoint_id', 'user_id'),
        Index('ix_attempts_held', 'id', sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    checkpoint_id: int = Field(foreign_key='quizzes.checkpoint_id', ondelete='RESTRICT')
    number: int
    """1 for the first attempt of this learner at this quiz"""
    state: AttemptState = Field(default=AttemptState.IN_PROGRESS, sa_type=words(AttemptState))
    is_practice: bool = False
    mode: Mode = Field(sa_type=words(Mode))
    session_id: int | None = Field(default=None, foreign_key='live_sessions.id', ondelete='RESTRICT')
    """the class in which it began"""
    started_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when it is submitted by itself; None without a limit"""
    seen_at: datetime = Field(sa_type=UtcDateTime)
    """the last sign of the learner in it"""
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    graded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_out_of_time: bool = False
    """whether it was submitted because the time was up"""
    late_seconds: int = 0
    """by how much the last answer that counts came after the end"""
    possible: int = 0
    """points of all questions, in hundredths"""
    earned: int = Field(default=0, sa_type=BigInteger)
    """points times credit: in hundredths of ten-thousandths"""
    score: int | None = None
    """0 to 100, rounded down; None until it is graded"""
    passing_percent: int
    is_passed: bool | None = None
    is_held: bool = False
    """whether it is graded, and the quiz did not show its learner the score yet"""
    place: int = 0
    """the position of the question that is shown, where they are shown one at a time"""
    interruptions: int = 0
    """how often the page was gone and came back"""
    times_left: int = 0
    """how often the learner looked at another window, as the program said in which they answered; no page can tell"""
    times_pasted: int = 0
    device: DeviceClass = Field(default=DeviceClass.DESKTOP, sa_type=words(DeviceClass))
    browser: str = Field(default='', max_length=80)
    address_hash: str = Field(default='', max_length=64)
    feedback: str = Field(default='', max_length=10_000)
    """what a teacher says of the whole attempt, as Markdown"""
    feedback_by: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT')
    feedback_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Attempt,
    kept(
        'course_id checkpoint_id number state is_practice mode session_id started_at ends_at seen_at submitted_at '
        'graded_at is_out_of_time late_seconds place possible earned score passing_percent is_passed is_held',
        'attempts at quizzes, and what they are worth',
        'to teach the person, and to let them go on where they stopped',
    ),
    kept(
        'interruptions times_left times_pasted device browser address_hash',
        'on which device a quiz was taken, and what interrupted it',
        'so that a doubt can be cleared up; it decides nothing',
        until=analytics(since='started_at'),
        on_erase=Erase.REPLACE,
    ),
    kept(
        'feedback feedback_at', 'what a teacher said of an attempt', 'so that the person learns', on_erase=Erase.REPLACE
    ),
    whose='user_id',
    others='feedback_by',
    plain='id',
)


class AttemptAnswer(SQLModel, table=True):
    """One question of an attempt, in its place: not answered yet, answered (`saved_at`), or graded (`credit`)."""

    __tablename__ = 'attempt_answers'
    __table_args__ = (Index('ix_attempt_answers_question', 'question_id', 'attempt_id'),)

    attempt_id: int = Field(foreign_key='attempts.id', ondelete='CASCADE', primary_key=True)
    position: int = Field(primary_key=True)
    """from 0, as it was shown"""
    question_id: int = Field(foreign_key='questions.id', ondelete='RESTRICT')
    version_id: int = Field(foreign_key='question_versions.id', ondelete='RESTRICT')
    points: int
    """what it can give, in hundredths"""
    shown: list[int] = Field(default_factory=list, sa_type=JSON)
    """the places of its options, pairs or parts in the order in which they were shown"""
    answer: str | None = Field(default=None, max_length=200_000)
    """JSON, as `services.quizzes.answer.FORM` writes it"""
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changes: int = 0
    """how often an answer was replaced by another"""
    seconds: int = 0
    """for how long it was looked at"""
    confidence: int | None = None
    """1 to 5"""
    credit: int | None = None
    """of 10,000; None until it is graded"""
    is_by_hand: bool = False
    """whether a person has set the credit; a regrade leaves it as it is"""
    graded_by: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT')
    graded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remark: str = Field(default='', max_length=10_000)
    """what the person who graded it says, as Markdown"""
    marks: list[list[int | str]] = Field(default_factory=list, sa_type=JSON)
    """what it got for each criterion, as the rubric was when it was graded; see `services.rubrics.kept`"""


declare(
    AttemptAnswer,
    kept(
        'answer remark marks[]',
        'every answer, and what was said of it',
        'so that nothing that was answered is lost, and the person learns',
        on_erase=Erase.REPLACE,
    ),
    kept(
        'question_id version_id points shown[] saved_at changes seconds confidence credit is_by_hand graded_at',
        'what each answer is worth, and how it came about',
        'to teach the person, and to see which questions are good',
    ),
    whose='attempt_id',
    others='graded_by',
    plain='position',
)


class Mastery(SQLModel, table=True):
    """The best score of one learner at one checkpoint, as the log tells it, and when it was mastered first."""

    __tablename__ = 'mastery'
    __table_args__ = (Index('ix_mastery_course', 'course_id', 'user_id'),)

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    scores: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    """the score of each attempt, 0 to 100; an attempt that was regraded has the newest one"""
    best_score: int
    mastered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """once reached, it stays"""


declare(
    Mastery,
    kept(
        'checkpoint_id course_id scores.* best_score mastered_at',
        'the scores at each checkpoint, and which were mastered',
        'to show the person and their teachers what they know',
    ),
    whose='user_id',
)


class Skill(SQLModel, table=True):
    """A skill of a course: a tag of questions to which somebody has answered. There once, it stays."""

    __tablename__ = 'skills'
    __table_args__ = (UniqueConstraint('course_id', 'name'),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    name: str = Field(max_length=40)


declare(Skill, plain='id course_id name', because='It is a part of a course.')


class SkillEstimate(SQLModel, table=True):
    """How sure one learner is of one skill, as the log tells it: see `services/quizzes/estimating.py`."""

    __tablename__ = 'skill_estimates'
    __table_args__ = (
        Index('ix_skill_estimates_course', 'course_id', 'user_id'),
        Index('ix_skill_estimates_skill', 'skill_id', 'tenths', 'answers'),
    )

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    skill_id: int = Field(foreign_key='skills.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    results: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    """of each attempt, and of each question in class: how right each answer was, in tenths, X for ten"""
    answers: int
    tenths: int
    """how much of them was right, all together"""
    right_share: float
    """what was right, fading"""
    weight: float
    """what was answered, fading"""
    rate: int
    """percent of all answers to the skill that were right, when the newest was graded"""
    last_at: datetime = Field(sa_type=UtcDateTime)
    mastered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when the estimate reached the mark of the course first; once reached, it stays"""


declare(
    SkillEstimate,
    kept(
        'skill_id course_id results.* answers tenths right_share weight rate last_at mastered_at',
        'how right the answers to each skill were, and how sure the person is of it',
        'to show the person and their teachers what they know, and what to practise',
    ),
    whose='user_id',
)
