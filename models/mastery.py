"""What learners have mastered: the best scores of checkpoints, and how sure they are of each skill."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime
from models.personal import declare, kept


class Mastery(SQLModel, table=True):
    """The best score of one learner at one checkpoint, as the log tells it, and when it was mastered first."""

    __tablename__ = 'mastery'
    __table_args__ = (Index('ix_mastery_course', 'course_id', 'user_id', 'checkpoint_id', 'best_score'),)

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    scores: dict[str, int] = Field(default={}, sa_type=JSON)
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
    results: dict[str, str] = Field(default={}, sa_type=JSON)
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
