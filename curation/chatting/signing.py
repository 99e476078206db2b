"""The address of a Spark service, signed: who holds the secret asks, and asks now."""

from __future__ import annotations

import base64
import hashlib
import hmac
from email.utils import formatdate
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

SKEW: Final = 300
"""Seconds that the clocks of the two sides may differ: told for the vendor's speech services, which
sign alike (https://www.xfyun.cn/doc/asr/voicedictation/API.html), and assumed to hold here."""


def signature_of(host: str, path: str, date: str, secret: str) -> str:
    """Return the signature of a request at a date, by the vendor's rules."""
    origin = f"host: {host}\ndate: {date}\nGET {path} HTTP/1.1"
    digest = hmac.new(secret.encode(), origin.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def signed_url(address: str, key: str, secret: str, now: float) -> str:
    """Return the address with a signature that holds around the time `now`, in seconds."""
    parts = urlsplit(address)
    path = parts.path or "/"
    date = formatdate(now, usegmt=True)  # never by the system's language
    signature = signature_of(parts.netloc, path, date, secret)
    told = (
        f'api_key="{key}", algorithm="hmac-sha256", headers="host date request-line",'
        f' signature="{signature}"'
    )
    authorization = base64.b64encode(told.encode()).decode("ascii")
    query = urlencode({"authorization": authorization, "date": date, "host": parts.netloc})
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))
