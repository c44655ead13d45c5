"""The school as a whole."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, words
from models.enums import MailSecurity
from models.personal import declare


class SchoolSettings(SQLModel, table=True):
    """What an admin has chosen for the whole school: one row at most. Empty values leave it to the environment."""

    __tablename__ = 'school_settings'

    id: int = Field(default=None, primary_key=True)
    name: str = Field(default='', max_length=80)
    time_zone: str = Field(default='', max_length=64)
    language: str = Field(default='', max_length=16)
    public_url: str = Field(default='', max_length=200)
    """the address to which links lead"""
    by_surname: bool = False
    """whether lists of people begin sorted by surname"""
    mail_host: str = Field(default='', max_length=253)
    """the server that sends mails; empty where none are sent"""
    mail_port: int = 0
    mail_security: MailSecurity = Field(default=MailSecurity.STARTTLS, sa_type=words(MailSecurity))
    mail_user: str = Field(default='', max_length=254)
    mail_password: str = Field(default='', max_length=1000)
    """sealed with the secret of this installation, so that a copy of the database does not give it away"""
    mail_sender: str = Field(default='', max_length=254)
    predicts: bool = True
    """whether predictions are made at all"""
    shows_points: bool = True
    """whether learners see points and levels; where it is off, no course can switch it on"""
    shows_badges: bool = True
    shows_streaks: bool = True
    shows_leaderboard: bool = True
    free_days: list[list[str]] = Field(default=[], sa_type=JSON)
    """first and last date of each span of days on which nobody needs to learn"""
    secret_mark: str = Field(default='', max_length=64)
    """which secret of the installation this database belongs to, as a keyed hash; empty before it is known"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


declare(
    SchoolSettings,
    plain='id name time_zone language public_url by_surname mail_host mail_port mail_security mail_user mail_password'
    ' mail_sender predicts shows_points shows_badges shows_streaks shows_leaderboard free_days[] secret_mark'
    ' created_at updated_at',
    because='It is about the school and names nobody; the mail server is that of the school.',
)
