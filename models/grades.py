"""How a course is graded, and the grades that teachers set by hand."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Erase, declare, kept


class Grading(SQLModel, table=True):
    """What holds for all grades of a course; one without a row is graded as the defaults say."""

    __tablename__ = 'grading'

    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    missing_counts: bool = False
    """whether what is missing after its due date counts 0; otherwise it is left out"""
    letters: list[list[int | str]] = Field(default=[], sa_type=JSON)
    """[from percent, letter], the highest first; empty where the course gives no letters"""


declare(Grading, plain='course_id missing_counts letters[]', because='It is a part of a course.')


class GradeCategory(SQLModel, table=True):
    """A category of graded things, with its weight in the total of the course."""

    __tablename__ = 'grade_categories'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    name: str = Field(max_length=60)
    weight: int
    """against the other categories of the course"""
    drop_lowest: int = 0
    """how many of the lowest scores of a learner are left out; the last one never is"""
    position: int


declare(GradeCategory, plain='id course_id name weight drop_lowest position', because='It is a part of a course.')


class GradedItem(SQLModel, table=True):
    """How one graded checkpoint counts; one without a row counts, and is in no category."""

    __tablename__ = 'graded_items'

    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    category_id: int | None = Field(default=None, foreign_key='grade_categories.id', ondelete='RESTRICT', index=True)
    counts: bool = True


declare(GradedItem, plain='checkpoint_id course_id category_id counts', because='It is a part of a course.')


class GradeOverride(SQLModel, table=True):
    """What a teacher decided for one learner and one graded checkpoint: a score instead of the one from the attempts,
    or that the learner is excused (then there is no score). Deleted when the teacher takes it back."""

    __tablename__ = 'grade_overrides'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    score: int | None = None
    """percent, above 100 for extra credit; None for excused"""
    reason: str = Field(default='', max_length=280)
    set_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    set_at: datetime = Field(sa_type=UtcDateTime)


declare(
    GradeOverride,
    kept(
        'checkpoint_id course_id score set_at',
        'grades that a teacher has set',
        'to teach the person, and to show them how their total comes about',
    ),
    kept('reason', 'why a teacher set a grade', 'so that the person understands it', on_erase=Erase.REPLACE),
    whose='user_id',
    others='set_by',
)
