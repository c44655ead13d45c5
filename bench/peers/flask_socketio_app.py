"""The obvious alternative: Flask-SocketIO on gevent, one bare upsert and one commit per tap, nothing else."""

from gevent import monkey  # type: ignore[import-untyped]

monkey.patch_all()

import os  # noqa: E402  (gevent has to come first)
import sqlite3  # noqa: E402
from pathlib import Path  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # type: ignore[import-untyped]  # noqa: E402

UPSERT = """
INSERT INTO progress (student, checkpoint, done_at) VALUES (?, ?, CURRENT_TIMESTAMP)
ON CONFLICT (student, checkpoint) DO UPDATE SET done_at = excluded.done_at
"""

app = Flask(__name__)
socketio = SocketIO(app, async_mode='gevent')
database = sqlite3.connect(Path(os.environ['DATA_DIR']) / 'peer.db', isolation_level=None, check_same_thread=False)
database.execute('PRAGMA journal_mode = WAL')
database.execute('PRAGMA synchronous = FULL')
database.execute(
    'CREATE TABLE IF NOT EXISTS progress (student TEXT, checkpoint TEXT, done_at TEXT, '
    'PRIMARY KEY (student, checkpoint)) WITHOUT ROWID'
)


@app.get('/health')
def health() -> str:
    """Answers as soon as the server does."""
    return 'ok'


@socketio.on('connect')  # type: ignore[untyped-decorator]
def connect() -> None:
    """The watcher joins the room that hears of every tap."""
    if request.args.get('watch'):
        join_room('watchers')


@socketio.on('tap')  # type: ignore[untyped-decorator]
def tap(data: dict[str, str]) -> bool:
    """Save one tap, tell the watcher, and answer; the answer is the acknowledgement."""
    database.execute(UPSERT, (data['student'], data['checkpoint']))
    emit('progress_update', data, to='watchers')
    return True


if __name__ == '__main__':
    socketio.run(app, host='127.0.0.1', port=int(os.environ['PORT']))
