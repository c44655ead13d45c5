"""What is read of the database when somebody asks for the metrics: what waits, what has failed, how the school is used.

Names and meanings: docs/operations.md. Nothing here is of one person: figures of people are those of the page of the
admin, with small groups hidden and with the same noise.
"""

from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily
from sqlalchemy import func, or_, select, text
from sqlmodel import col

from models import Activity, Job, Mail
from services import followers
from services.activity import following
from services.analytics import school
from services.core.program import version
from services.core.transaction import Transaction
from services.health import latest_backup
from services.lms import statements_out


def of_database(tx: Transaction) -> list[GaugeMetricFamily]:
    """Return the gauges as they are now."""
    return [*_followers(tx), _jobs(tx), _mails(tx), *_database(tx), *_backup(tx), *_use(tx), *_statements(tx)]


def _followers(tx: Transaction) -> Iterator[GaugeMetricFamily]:
    behind = _gauge('follower_behind', 'Activities of the log that a follower has not taken yet.', 'follower')
    problem = _gauge('follower_failed', '1 where a follower cannot go on.', 'follower')
    for lag in following.lags(tx, followers.ALL):
        behind.add_metric([lag.name], lag.behind)
        problem.add_metric([lag.name], bool(lag.problem))
    yield behind
    yield problem


def _jobs(tx: Transaction) -> GaugeMetricFamily:
    jobs = _gauge('jobs', 'Jobs, by how far they are.', 'state')
    held = col(Job.lease_until).is_not(None) & (col(Job.lease_until) > tx.now)
    late = (col(Job.due_at) <= tx.now) & or_(col(Job.lease_until).is_(None), col(Job.lease_until) <= tx.now)
    for state, condition in (('running', held), ('due', late), ('failed', col(Job.problem) != '')):
        jobs.add_metric([state], tx.execute(select(func.count()).where(condition)).scalar() or 0)
    return jobs


def _mails(tx: Transaction) -> GaugeMetricFamily:
    mails = _gauge('mails', 'Mails that were not sent, by how far they are.', 'state')
    for state, count in tx.execute(select(col(Mail.state), func.count()).group_by(col(Mail.state))):
        mails.add_metric([state.value], count)
    return mails


def _database(tx: Transaction) -> Iterator[GaugeMetricFamily]:
    is_sqlite = tx.connection.dialect.name == 'sqlite'
    size = 'SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()'
    asked = size if is_sqlite else 'SELECT pg_database_size(current_database())'
    yield _one('database_bytes', 'The size of the database.', tx.execute(text(asked)).scalar() or 0)
    newest = tx.execute(select(func.max(col(Activity.id)))).scalar() or 0
    yield _one('activities', 'The newest id of the activity log.', newest)
    about = _gauge('version', 'Always 1; the label says which version runs.', 'version')
    about.add_metric([version()], 1)
    yield about


def _backup(tx: Transaction) -> Iterator[GaugeMetricFamily]:
    if latest := latest_backup():
        age = (tx.now - latest).total_seconds()
        yield _one('backup_age_seconds', 'How old the newest back-up in the data folder is; missing: none.', age)


def _use(tx: Transaction) -> Iterator[GaugeMetricFamily]:
    use = school.use(tx)
    people = _gauge('active_people', 'Different people who did something, up to yesterday; missing: too few.', 'span')
    for span, count in (('day', use.days[-1].active_people if use.days else None), ('month', use.per_month)):
        if count is not None:
            people.add_metric([span], count)
    yield people
    if use.weeks and (seconds := use.weeks[-1].mean_session_seconds) is not None:
        yield _one('mean_session_seconds', 'How long a learning session took in the last full week.', seconds)


def _statements(tx: Transaction) -> Iterator[GaugeMetricFamily]:
    if found := statements_out.standing(tx):
        yield _one('statements_behind', 'Activities of the log that the record store has not reached.', found.behind)
        yield _one('statements_held', 'Scores that wait until their learners may see them.', found.held)
        yield _one('statements_refused', 'Statements that the record store will never take.', found.refused)


def _gauge(name: str, meaning: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f'waymark_{name}', meaning, labels=[label])


def _one(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f'waymark_{name}', meaning, value=value)
