"""Who asks Spark signs its address, in the form that the vendor published."""

from __future__ import annotations

import base64
from typing import Final
from urllib.parse import parse_qs, urlsplit

from curation.chatting import signature_of, signed_url

# The vendor's own example, from its page on how addresses are signed.
SECRET: Final = "MjlmNzkzNmZkMDQ2OTc0ZDdmNGE2ZTZi"  # noqa: S105  (published as an example)
HOST = "spark-api.xf-yun.com"
DATE = "Fri, 05 May 2023 10:43:39 GMT"
SIGNATURE = "z5gHdu3pxVV4ADMyk467wOWDQ9q6BQzR3nfMTjc/DaQ="
MOMENT = 1683283419


def test_the_signature_is_that_of_the_vendors_example() -> None:
    assert signature_of(HOST, "/v1.1/chat", DATE, SECRET) == SIGNATURE


def test_the_address_carries_signature_date_and_host() -> None:
    url = urlsplit(signed_url(f"wss://{HOST}/v1.1/chat", "the-key", SECRET, MOMENT))
    assert (url.scheme, url.netloc, url.path) == ("wss", HOST, "/v1.1/chat")
    told = parse_qs(url.query)
    assert told["date"] == [DATE]
    assert told["host"] == [HOST]
    assert base64.b64decode(told["authorization"][0]).decode() == (
        'api_key="the-key", algorithm="hmac-sha256", headers="host date request-line",'
        f' signature="{SIGNATURE}"'
    )


def test_an_address_without_a_path_asks_for_the_root() -> None:
    assert urlsplit(signed_url("ws://127.0.0.1:8080", "k", "s", MOMENT)).path == "/"
