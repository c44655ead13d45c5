"""A Python that has imported what a server needs, and becomes one as often as it is asked: by forking.

Importing takes three times as long as everything else that a start does. Started by `warm_starts.py`, which says on the
socket that is standard input what is to run, and asks for the exit codes of what has ended.
"""

import gc
import json
import os
import runpy
import secrets
import socket
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMPORTED = (
    *('main', 'serving', 'commands.upkeep', 'commands.people'),
    *('api.app', 'api.sockets.revocation', 'api.sockets.server', 'ui.server', 'web.origins'),
)
LONGEST = 1_000_000


def main() -> None:
    sys.path[0] = str(ROOT)
    gc.disable()
    for name in IMPORTED:
        import_module(name)
    gc.freeze()
    gc.enable()
    asking = socket.socket(fileno=os.dup(0))
    while True:
        message, files, _, _ = socket.recv_fds(asking, LONGEST, 1)
        if not message:
            return
        asked = json.loads(message)
        if 'ended' in asked:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked['ended'], 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                asking.close()
                break
            os.close(files[0])
        asking.send(json.dumps(answer).encode())
    become(**asked, output=files[0])


def become(words: list[str], folder: str, environment: dict[str, str], output: int) -> None:
    """Run a script as if this process had just been started with it."""
    from services.core import hidden_names

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(ours, theirs)
    os.close(nothing)
    os.close(output)
    hidden_names.use_secret(secrets.token_hex())  # what a process draws when it imports, no other one has
    sys.argv = words
    sys.path[0] = str(Path(words[0]).parent)
    runpy.run_path(words[0], run_name='__main__')


if __name__ == '__main__':
    main()
