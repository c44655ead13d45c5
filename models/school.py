"""The school as a whole."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import declare


class SchoolSettings(SQLModel, table=True):
    """What an admin has chosen for the whole school: one row at most. Empty values leave it to the environment."""

    __tablename__ = 'school_settings'

    id: int = Field(default=None, primary_key=True)
    name: str = Field(default='', max_length=80)
    time_zone: str = Field(default='', max_length=64)
    language: str = Field(default='', max_length=16)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


declare(
    SchoolSettings,
    plain='id name time_zone language created_at updated_at',
    because='It is about the school and names nobody.',
)
