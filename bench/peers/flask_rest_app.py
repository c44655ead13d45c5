"""The obvious alternative over REST: Flask and SQLAlchemy on gevent, one bare upsert and one commit per request."""

from gevent import monkey  # type: ignore[import-untyped]

monkey.patch_all()

import os  # noqa: E402  (gevent has to come first)
import sqlite3  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from pathlib import Path  # noqa: E402

from flask import Flask, Response, jsonify, request  # noqa: E402
from gevent.pywsgi import WSGIServer  # type: ignore[import-untyped]  # noqa: E402
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, create_engine, event, func  # noqa: E402
from sqlalchemy.dialects.sqlite import insert  # noqa: E402

app = Flask(__name__)
engine = create_engine(f'sqlite:///{Path(os.environ["DATA_DIR"]) / "peer.db"}')
progress = Table(
    'progress',
    MetaData(),
    Column('user_id', Integer, primary_key=True),
    Column('checkpoint_id', Integer, primary_key=True),
    Column('completed_at', DateTime),
)
answers = Table(
    'answers',
    progress.metadata,
    Column('attempt_id', Integer, primary_key=True),
    Column('position', Integer, primary_key=True),
    Column('answer', String),
    Column('saved_at', DateTime),
)
_answer = insert(answers)
SAVE = _answer.on_conflict_do_update(
    index_elements=['attempt_id', 'position'],
    set_={'answer': _answer.excluded.answer, 'saved_at': _answer.excluded.saved_at},
)
_row = insert(progress)
UPSERT = _row.values(completed_at=func.now()).on_conflict_do_update(
    index_elements=['user_id', 'checkpoint_id'], set_={'completed_at': _row.excluded.completed_at}
)


@event.listens_for(engine, 'connect')
def connected(connection: sqlite3.Connection, _record: object) -> None:
    """Durable, as ours is."""
    connection.execute('PRAGMA journal_mode = WAL')
    connection.execute('PRAGMA synchronous = FULL')


@app.get('/health')
def health() -> str:
    """Answers as soon as the server does."""
    return 'ok'


@app.post('/api/progress/<int:checkpoint_id>/complete')
def complete(checkpoint_id: int) -> Response:
    """Save that whoever sends it has completed a checkpoint; who that is, is believed."""
    user_id = int(request.headers['Authorization'].removeprefix('Bearer '))
    with engine.begin() as connection:
        connection.execute(UPSERT, {'user_id': user_id, 'checkpoint_id': checkpoint_id})
    return jsonify(user_id=user_id, checkpoint_id=checkpoint_id, verb='completed')


@app.put('/api/attempts/<int:attempt_id>/answers/<int:position>')
def answer(attempt_id: int, position: int) -> Response:
    """Save one answer to a quiz; whose attempt it is, and whether there is time left, is believed."""
    row = {'attempt_id': attempt_id, 'position': position, 'answer': request.get_data(as_text=True)}
    with engine.begin() as connection:
        connection.execute(SAVE, row | {'saved_at': datetime.now(UTC)})
    return jsonify(attempt_id=attempt_id, position=position)


if __name__ == '__main__':
    progress.metadata.create_all(engine)
    WSGIServer(('127.0.0.1', int(os.environ['PORT'])), app, log=None).serve_forever()
