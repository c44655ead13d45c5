"""The learners of the term, each with a story that the dashboards have to find."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """How somebody learns."""

    name: str
    skill: float = 0.75
    """how likely an answer is right"""
    early: float = 1.5
    """days before something is due that they do it; negative is late"""
    hour: float = 17.0
    """when they study"""
    speed: float = 1.0
    """how many times as long as others they need"""
    attends: float = 0.9
    """how often they are in class"""
    enrolls: int = 0
    """on which day of the term"""
    away: tuple[int, int] | None = None
    """days between which they did nothing; what they missed they do afterwards, if there is an afterwards"""
    slips: float = 0.0
    """days that everything comes later with each week after the fourth"""
    pauses_on: int | None = None


NEVER = 999
SAM = Learner(name='Sam Rivera', skill=0.72, early=0.6, hour=19.5, speed=1.15)
"""has an account of the demo already"""

LEARNERS: tuple[Learner, ...] = (
    SAM,
    # was among the best, and has not been here for more than three weeks
    Learner(name='Aisha Rahman', skill=0.85, early=2.0, hour=16, away=(43, NEVER)),
    # slips a little more with each week
    Learner(name='Bruno Costa', skill=0.62, early=1.0, hour=18, slips=2.6, attends=0.7),
    # was away for four weeks, came back and catches up
    Learner(name='Clara Nilsson', skill=0.78, early=1.5, hour=17, away=(17, 45), speed=0.9),
    # studies at night
    Learner(name='Dimitri Volkov', skill=0.7, early=0.2, hour=23.2, attends=0.8),
    # does everything on the last evening
    Learner(name='Elif Demir', skill=0.68, early=0.05, hour=18.5),
    # is far ahead
    Learner(name='Farid Haddad', skill=0.95, early=9.0, hour=15, speed=0.7),
    # joined and never began
    Learner(name='Greta Olsen', away=(0, NEVER), attends=0.0),
    # came in the fifth week
    Learner(name='Hugo Laurent', skill=0.7, early=0.8, hour=20, enrolls=30),
    # works long, and scores low
    Learner(name='Imani Okoro', skill=0.42, early=1.0, hour=16.5, speed=1.9),
    # paused two weeks ago
    Learner(name='Jonas Weber', skill=0.7, early=1.2, hour=19, away=(52, NEVER), pauses_on=54),
    # comes to class, and does nothing at home
    Learner(name='Katya Morozova', skill=0.55, early=-12.0, hour=21, attends=1.0),
    Learner(name='Liam O’Brien', skill=0.8, hour=16, early=2.2),
    Learner(name='Mei Tanaka', skill=0.9, hour=15.5, early=3.0, speed=0.8),
    Learner(name='Noor Al-Amin', skill=0.75, hour=18, early=1.4),
    Learner(name='Owen Davies', skill=0.66, hour=19.5, early=0.7, slips=0.9),
    Learner(name='Paula Jiménez', skill=0.82, hour=17.5, early=1.8),
    Learner(name='Quinn Murphy', skill=0.71, hour=20, early=0.9),
    Learner(name='Rania Saleh', skill=0.86, hour=14.5, early=2.6),
    Learner(name='Stefan Popescu', skill=0.6, hour=18.5, early=0.5, speed=1.3),
    Learner(name='Tove Andersen', skill=0.79, hour=16.5, early=1.6),
    Learner(name='Umberto Greco', skill=0.73, hour=17, early=1.2),
    Learner(name='Valentina Ruiz', skill=0.88, hour=15, early=2.4, speed=0.85),
    Learner(name='William Zhang', skill=0.77, hour=19, early=1.3),
    Learner(name='Xenia Papadaki', skill=0.69, hour=20.5, early=0.8),
    Learner(name='Yusuf Kaya', skill=0.64, hour=18, early=0.6, attends=0.75),
    Learner(name='Zofia Wójcik', skill=0.83, hour=16, early=2.1),
    Learner(name='Adam Novotný', skill=0.74, hour=17.5, early=1.1),
    Learner(name='Beatriz Santos', skill=0.81, hour=15.5, early=1.9),
    Learner(name='Callum Reid', skill=0.58, hour=21, early=0.4, attends=0.65),
)
GROUPS = 'Meadow', 'Forest'


def address_of(name: str) -> str:
    """Return the e-mail address of somebody of this name, in letters that every keyboard has."""
    plain = unicodedata.normalize('NFKD', name.lower())
    first, *_, last = ''.join(each for each in plain if each.isascii() and (each.isalpha() or each == ' ')).split()
    return f'{first}.{last}@example.org'
