"""A web server on the loopback address, scripted by tests."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Page(BaseHTTPRequestHandler):
    """Base of what a server answers: notes each request, then lets the script answer."""

    server: Web
    product = BaseHTTPRequestHandler.server_version

    def version_string(self) -> str:
        return self.product

    def do_GET(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(self.path)
        self.server.headers.append(dict(self.headers.items()))
        self.server.bodies.append(self.body)
        # Clients that go away in the middle are part of the tests.
        with contextlib.suppress(OSError):
            self.server.script(self)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


Script = Callable[[Page], None]


class Web(ThreadingHTTPServer):
    """The server, with what it was asked."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.script = script
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.scheme = "http"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    @property
    def issuer_url(self) -> str:
        return f"{self.origin}/certs/issuing.crt"


@contextlib.contextmanager
def serving(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """A server that runs as long as the block."""
    with Web(script) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
            server.scheme = "https"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()


def page(body: bytes, status: int = 200, **headers: str) -> Script:
    """A script that always gives this answer."""

    def script(request: Page) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return script
