"""What the dashboards say, asked of the raw log with pandas: the obvious alternative to keeping totals."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas
from sqlalchemy import Engine, text

WEEKS = 12
_COLUMNS = 'user_id, checkpoint_id, verb, seconds, score, happened_at, local_date, local_hour'
_COURSE = text(f'SELECT {_COLUMNS} FROM activities WHERE course_id = :course')
_LEARNER = text(f'SELECT {_COLUMNS} FROM activities WHERE course_id = :course AND user_id = :user')
_SCHOOL = text('SELECT user_id, local_date FROM activities WHERE local_date >= :since')


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLog:
    """The log, and nothing else."""

    engine: Engine

    def educator(self, course_id: int, today: date) -> object:
        """Return how everybody stands at each checkpoint, usual times, weeks, scores, and who has been away."""
        log = self._read(_COURSE, course=course_id)
        newest = (
            log[log.verb.isin(['started', 'completed', 'undone'])].groupby(['user_id', 'checkpoint_id']).verb.last()
        )
        matrix = newest.unstack()
        spent = log[log.verb == 'studied'].groupby(['checkpoint_id', 'user_id']).seconds.sum()
        week = log.local_date.dt.to_period('W')
        best = log[log.score.notna()].groupby(['user_id', 'checkpoint_id']).score.max()
        away = pandas.Timestamp(today) - log.groupby('user_id').local_date.max()
        return (
            matrix,
            (matrix == 'completed').sum(),
            spent.groupby('checkpoint_id').median(),
            log.groupby(week).agg({'seconds': 'sum', 'user_id': 'nunique'}),
            log[log.verb == 'completed'].groupby(week).size(),
            best.groupby('checkpoint_id').mean(),
            log[log.verb == 'help_asked'].groupby('checkpoint_id').user_id.nunique(),
            away[away.dt.days >= 7],
        )

    def learner(self, course_id: int, user_id: int) -> object:
        """Return what a learner has done, by checkpoint, by day, by week and by part of the day."""
        log = self._read(_LEARNER, course=course_id, user=user_id)
        study = log[log.verb == 'studied']
        return (
            log[log.verb.isin(['started', 'completed'])].groupby('checkpoint_id').verb.last(),
            study.groupby('checkpoint_id').seconds.sum(),
            log.groupby('local_date').agg({'seconds': 'sum', 'verb': 'size'}),
            log.groupby(log.local_date.dt.to_period('W')).seconds.sum(),
            study.groupby(study.local_hour // 6).seconds.sum(),
            log[log.score.notna()].groupby('checkpoint_id').score.max(),
        )

    def school(self, today: date) -> object:
        """Return how many people were active on each day of two months, and in each month."""
        log = self._read(_SCHOOL, since=today - timedelta(days=56))
        month = log.local_date > pandas.Timestamp(today - timedelta(days=28))
        return log.groupby('local_date').user_id.nunique(), log.groupby(month).user_id.nunique()

    def _read(self, query: object, **values: object) -> pandas.DataFrame:
        with self.engine.connect() as connection:
            return pandas.read_sql(query, connection, params=values, parse_dates=['local_date'])
