"""Passwords and one-time codes, told from other numbers by what stands beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD, WHY_EVIDENCE, WHY_SHAPE, with_words
from curation.pii.recognizers.base import ChatRecognizer, Hit
from curation.pii.recognizers.secret_candidates import NUMERALS
from curation.pii.recognizers.secret_model import evidence, secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN: Final = re.compile(f"[0-9A-Za-z{NUMERALS}]")
_SHORTEST: Final = 2
_MOST: Final = 0.99
"""Never as sure as a form that is certain."""


_BETWEEN: Final = "[*#@$%^&!+~?_. ·-]*"
"""What may stand between the letters and digits of a secret."""


class _SecretRecognizer(ChatRecognizer):
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        f"[0-9A-Za-z]{_BETWEEN}[0-9A-Za-z]{_BETWEEN}[0-9A-Za-z]"
        f"|[{NUMERALS}][ 0-9]?[{NUMERALS}]|[0-9][{NUMERALS}]|[{NUMERALS}4-9]个[{NUMERALS}0-9]"
        f"|[{NUMERALS}0-9][、,，][{NUMERALS}0-9][、,，][{NUMERALS}0-9]"
    )
    GATE: ClassVar[re.Pattern[str]] = _SIGN
    NEEDS = ((_SIGN, _SHORTEST),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield what is likely a secret of this kind; its score is the likelihood."""
        for secret in secrets(text):
            if secret.entity == self.ENTITY:
                words = evidence(text, secret)
                why = with_words(WHY_EVIDENCE, words) if words else WHY_SHAPE
                yield Hit(
                    secret.found.start,
                    secret.found.end,
                    min(round(secret.likelihood, 2), _MOST),
                    why,
                )


class PasswordRecognizer(_SecretRecognizer):
    """Finds passwords, PINs, and the codes of doors, locks and shared folders."""

    ENTITY: ClassVar[str] = "PASSWORD"


GOOGLE: Final = re.compile(r"(?<![0-9A-Za-z-])G-[0-9]{6}(?![0-9A-Za-z-])")
"""How Google writes its codes."""

DEMANDED: Final = re.compile(
    r"(?:要|让|叫|催)我(?:报|念|读|发)(?:出来|过去|一下|给[他她它])?[ :]?"
    r"(?P<value>[0-9]{6})(?![0-9A-Za-z.:/%-]| ?[元块万号个次])"
)
"""`对方要我报482913`: six digits that somebody wants to be told."""


class OtpCodeRecognizer(_SecretRecognizer):
    """Finds one-time codes and what authenticators show."""

    ENTITY: ClassVar[str] = "OTP_CODE"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield what is likely a code, and codes that show by their shape whose they are."""
        yield from super().find(text)
        for match in GOOGLE.finditer(text):
            yield Hit(*match.span(), 0.8, WHY_SHAPE)
        for match in DEMANDED.finditer(text):
            yield Hit(*match.span("value"), 0.6, WHY_AFTER_WORD)
