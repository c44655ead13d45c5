"""Quizzes made of questions: how they are taken, of what they consist, and what was agreed with whom."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, words
from models.enums import Reveal
from models.personal import Erase, declare, kept


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
    bands: list[list[int | str]] = Field(default=[], sa_type=JSON)
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
