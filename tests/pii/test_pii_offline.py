"""Nothing of the search ever asks the network, from the first import on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FORBID = """
import sys

def forbid(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"the network was asked: {event} {arguments}")

sys.addaudithook(forbid)
import socket

class Forbidden(socket.socket):
    def __init__(self, *arguments, **options):
        # urllib3, which Presidio imports, tries whether this machine has IPv6, and asks nobody.
        if sys._getframe(1).f_code.co_name == "_has_ipv6":
            raise OSError("no sockets here")
        raise SystemExit("a socket was opened")

socket.socket = Forbidden
"""
SEARCH = """
import presidio_analyzer, presidio_anonymizer, spacy, tldextract
from curation.model import DetectionRules
from curation.pii import Detector, mask
text = "邮箱lihua@163.com谢谢，网址 https://www.example.co.uk/x，电话13812345678，10.1.2.3"
detector = Detector(DetectionRules(thresholds={"PASSWORD": 0.5}))
found = detector.detect(text)
assert {"EMAIL_ADDRESS", "PHONE_NUMBER"} <= {each.entity for each in found}
assert "lihua" not in mask(text, found)
tokens = detector.analyzer.nlp_engine.process_text("我们走吧", "zh").tokens
assert len(tokens) > 1
"""
CONNECT = """
import socket
socket.create_connection(("127.0.0.1", 9))
"""


def ran(code: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-c", FORBID + code],
        capture_output=True,
        check=False,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    )


def test_a_fresh_process_searches_with_sockets_forbidden() -> None:
    done = ran(SEARCH)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("code", [CONNECT, "import socket; socket.getaddrinfo('a.invalid', 80)"])
def test_the_test_above_would_notice(code: str) -> None:
    assert "asked" in (stderr := ran(code).stderr) or "opened" in stderr
