"""The school as a whole: its name, its time zone, its language and its address.

What an admin has stored comes first, then the settings of the environment; only the address of the environment wins,
because cookies depend on it. The stored values are read when the server
starts and when they change (`services/accounts/school_settings.py`), so that nothing waits for the database here.
"""

from dataclasses import dataclass

from settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """What a school is called, and how times and texts are shown to people who have chosen nothing themselves."""

    name: str = ''
    time_zone: str = ''
    """IANA name; empty for the zone of the server"""
    language: str = ''
    """code; empty for English"""
    public_url: str = ''
    """the address to which links lead, without a slash at the end; empty where nobody has said it"""
    by_surname: bool = False
    """whether lists of people begin sorted by surname"""


def current() -> School:
    """Return the school as it is now: what is stored, else what the environment says."""
    stored = _stored[-1]
    return School(
        name=stored.name or settings().school_name,
        time_zone=stored.time_zone or settings().time_zone,
        language=stored.language,
        public_url=settings().public_url or stored.public_url,
        by_surname=stored.by_surname,
    )


def sorts_by_surname() -> bool:
    """Return whether lists of people begin sorted by surname; cheap enough to ask for each of them."""
    return _stored[-1].by_surname


def remember(stored: School) -> None:
    """Use these stored values from now on in this process."""
    _stored[-1] = stored


_stored = [School()]
