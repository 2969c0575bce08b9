"""A server that gives access tokens (RFC 6749) and tells a mail server what they are good for (RFC 7662)."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

CLIENT, SECRET, REFRESH = "rettsvar", "hemmelig", "fornyes"


class Identity:
    """Gives tokens for `user`. `answer` takes the place of the next tokens: a status and a body."""

    def __init__(self) -> None:
        self.user = ""
        self.answer: tuple[int, str] | None = None
        self.lasts = 3600
        self.given: list[str] = []
        self.valid: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def reply(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """What is said to a form."""
        if path == "/introspect":
            user = self.valid.get(form.get("token", ""))
            return 200, json.dumps({"active": user is not None, "username": user or ""})
        self.asked.append(form)
        if self.answer is not None:
            return self.answer
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, json.dumps({"error": "invalid_client", "error_description": "kari@example.no"})
        if form["grant_type"] == "refresh_token" and form.get("refresh_token") != REFRESH:
            return 400, json.dumps({"error": "invalid_grant"})
        token = f"token-{len(self.given)}"
        self.given.append(token)
        self.valid[token] = self.user
        return 200, json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": self.lasts})


@contextmanager
def identity_server() -> Iterator[Identity]:
    """One that runs for as long as it is needed."""
    identity = Identity()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, said = identity.reply(self.path, form)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said.encode())))
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: it would be printed among the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    identity.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield identity
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
