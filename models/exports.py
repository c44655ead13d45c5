"""Tables of a course that a teacher takes away as a file which is so large that it is made in the background."""

from datetime import date, datetime

from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime, words
from models.enums import ExportForm, ExportTable
from models.personal import Basis, Erase, Export, Until, declare, declare_files, kept


class CourseExport(SQLModel, table=True):
    """One file: being made, ready (`ended_at`) or stopped (`problem`); deleted a week after it is ready.

    An id is never given twice, because the job and the file are known by it: on SQLite a file whose teacher deleted
    it while it was made would be finished for the next teacher who asks for one.
    """

    __tablename__ = 'course_exports'
    __table_args__ = (Index('ix_course_exports_made_by', 'made_by', 'course_id'), {'sqlite_autoincrement': True})

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    made_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    made_at: datetime = Field(sa_type=UtcDateTime)
    what: ExportTable = Field(sa_type=words(ExportTable))
    form: ExportForm = Field(sa_type=words(ExportForm))
    has_commas: bool = False
    """whether numbers are written as 1,5 and cells are parted by semicolons"""
    group_name: str = Field(default='', max_length=60)
    """empty for everybody"""
    people: str = Field(default='', max_length=2_500)
    """the ids of those who were chosen, each between commas; empty for everybody"""
    has_names: bool = True
    since: date
    until: date
    language: str = Field(default='', max_length=12)
    zone: str = Field(default='', max_length=64)
    made: int = 0
    """rows that are written"""
    problem: str = Field(default='', max_length=280)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    CourseExport,
    kept(
        'people',
        'the ids of learners whose figures a teacher wants as a file',
        'so that the file can be made, and goes together with one of them who is erased',
        Basis.CONTRACT,
        Until('a week after the file is ready'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    others='made_by',
    plain='id course_id made_at what form has_commas has_names group_name since until language zone made problem '
    'ended_at',
    matching=(('people', '%,{id},%'),),
)
declare_files(
    'exports',
    kept(
        '*',
        'tables of a course that a teacher takes away',
        'so that a teacher can work with the figures in other programs',
        until=Until('a week after they are made'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
)
