"""Proxies of Debian with the configurations of `deploy/`, in front of servers of the tests; they run as nobody."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwnam

from tests.support.memory import quickest_folder
from tests.support.running import ROOT, free_port
from tests.support.servers import skip_or_insist

PATIENCE = 120.0
OF_ROOT = '/usr/local/sbin:/usr/sbin'
"""where Debian puts nginx and HAProxy, which is not on the path of ordinary accounts"""
DEPLOY = ROOT / 'deploy'
NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/waymark.conf;
}}
"""


@contextmanager
def a_front(kind: str, *ports: int, port: int = 0, below: str = '') -> Iterator[str]:
    """Run one of the proxies in front of two servers; yields the address under which browsers reach them.

    `below` is the path that it passes on, and nothing else; only nginx is asked for that.
    """
    program = shutil.which(kind, path=f'{os.environ["PATH"]}:{OF_ROOT}')
    program = program or skip_or_insist(f'{kind} is not installed; on Debian: apt install {kind}')
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix='waymark-front-', dir=quickest_folder()) as place:
        folder = Path(place)
        arguments = _SET_UP[kind](folder, port, ports) if not below else _nginx(folder, port, ports, below)
        account = getpwnam('nobody') if os.geteuid() == 0 else None
        for each in (folder, *folder.iterdir()):
            if account:
                os.chown(each, account.pw_uid, account.pw_gid)
        with (folder / 'log').open('wb') as log:
            process = subprocess.Popen(
                [program, *arguments],
                cwd=folder,
                env={'PATH': os.environ['PATH'], 'HOME': place, 'DOMAIN': f'http://127.0.0.1:{port}'},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=account and account.pw_uid,
                group=account and account.pw_gid,
                extra_groups=[] if account else None,
                start_new_session=True,
            )
        try:
            _wait_for(port, process, folder / 'log')
            yield f'http://127.0.0.1:{port}{below}'
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # nginx has a worker, which would be left behind
            process.wait()


def _wait_for(port: int, process: 'subprocess.Popen[bytes]', log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(('127.0.0.1', port), timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


def _nginx(folder: Path, port: int, ports: tuple[int, ...], below: str = '') -> list[str]:
    """Without HTTPS, for which there would have to be a certificate; the redirect to it has another port then."""
    text = (DEPLOY / 'nginx.conf').read_text().replace('location = /metrics', f'location = {below}/metrics')
    text = text.replace('location / {', f'location {below}/ {{')
    text = re.sub('listen 443 ssl;', f'listen 127.0.0.1:{port};', text)
    text = re.sub('listen 80;', f'listen 127.0.0.1:{free_port()};', text)
    text = re.sub('ssl_certificate.*;', '', text)
    (folder / 'waymark.conf').write_text(_with_servers(text, ports))
    (folder / 'nginx.conf').write_text(NGINX.format(folder=folder))
    return ['-e', 'stderr', '-c', str(folder / 'nginx.conf')]


def _haproxy(folder: Path, port: int, ports: tuple[int, ...]) -> list[str]:
    text = (DEPLOY / 'haproxy.cfg').read_text()
    text = re.sub(r'bind :443 .*', '', text).replace('bind :80', f'bind 127.0.0.1:{port}')
    text = re.sub('http-request redirect .*', '', text)
    text = re.sub('(user|group) haproxy', '', text)  # who is not root stays who they are
    (folder / 'haproxy.cfg').write_text(_with_servers(text, ports))
    # A bound, because it prepares for all connections that the machine allows: in some containers, a billion.
    return ['-db', '-n', '200', '-f', str(folder / 'haproxy.cfg')]


def _caddy(folder: Path, port: int, ports: tuple[int, ...]) -> list[str]:
    text = (DEPLOY / 'Caddyfile').read_text()
    for name, each in zip(('first', 'second'), ports, strict=True):
        text = text.replace(f'{name}:8080', f'127.0.0.1:{each}')
    (folder / 'Caddyfile').write_text('{\n\tadmin off\n}\n' + text)
    return ['run', '--config', str(folder / 'Caddyfile'), '--adapter', 'caddyfile']


def _with_servers(text: str, ports: tuple[int, ...]) -> str:
    for address, port in zip(('10.0.0.11:8080', '10.0.0.12:8080'), ports, strict=True):
        text = text.replace(address, f'127.0.0.1:{port}')
    return text


_SET_UP = {'nginx': _nginx, 'haproxy': _haproxy, 'caddy': _caddy}
