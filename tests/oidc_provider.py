"""A small OpenID Connect provider of our own, so that signing in is tried as it really goes."""

from __future__ import annotations

import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLIENT = "ruwo-tests"
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "owner": {"email": "Owner@Example.org", "email_verified": True},
    "reviewer": {"email": "reviewer@example.org", "email_verified": True},
    "stranger": {"email": "stranger@example.org", "email_verified": True},
    # Says that it is the owner, and nobody verified it.
    "liar": {"email": "owner@example.org", "email_verified": False},
    # Signed in yesterday.
    "yesterday": {"email": "owner@example.org", "email_verified": True, "iat": -86_400},
}


class _Provider(BaseHTTPRequestHandler):
    key: ClassVar[RSAKey] = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    codes: ClassVar[dict[str, tuple[str, str]]] = {}

    @property
    def issuer(self) -> str:
        return f"http://{self.headers['Host']}"

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/.well-known/openid-configuration":
            self._json(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/jwks",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "code_challenge_methods_supported": ["S256"],
                }
            )
        elif asked.path == "/jwks":
            self._json({"keys": [self.key.as_dict(private=False)]})
        elif asked.path == "/authorize":
            links = [
                f'<a href="/chosen?{urlencode({**query, "person": name})}">{name}</a>'
                for name in PEOPLE
            ]
            self._answer("<br>".join(links).encode(), "text/html")
        elif asked.path == "/chosen":
            code = secrets.token_urlsafe(8)
            self.codes[code] = (query["person"], query.get("nonce", ""))
            back = urlencode({"code": code, "state": query["state"]})
            self.send_response(302)
            self.send_header("Location", f"{query['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        person, nonce = self.codes.pop(body["code"][0])
        now = int(time.time())
        told = dict(PEOPLE[person])
        since = now + told.pop("iat", 0)
        claims = {
            "iss": self.issuer,
            "sub": person,
            "aud": CLIENT,
            "nonce": nonce,
            "iat": since,
            "exp": now + 600,
            **told,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        self._json({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _json(self, value: object) -> None:
        self._answer(json.dumps(value).encode(), "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def provider() -> Iterator[str]:
    """Yield the address of a provider on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
