"""What the kinds of private details are called, by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.errors import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

ENTITY_NAMES: Final[Mapping[str, str]] = {
    "PHONE_NUMBER": N_("Phone number"),
    "CN_ADDRESS": N_("Address"),
    "CN_ID_CARD": N_("ID card"),
    "BANK_CARD": N_("Bank card"),
    "EMAIL_ADDRESS": N_("E-mail"),
    "PASSWORD": N_("Password"),
    "OTP_CODE": N_("Verification code"),
    "WECHAT_ID": N_("WeChat ID"),
    "QQ_NUMBER": N_("QQ number"),
    "LICENSE_PLATE": N_("Licence plate"),
    "PASSPORT": N_("Passport"),
    "PERSON": N_("Name of a person"),
    "IP_ADDRESS": N_("IP address"),
    "MAC_ADDRESS": N_("MAC address"),
    "IBAN_CODE": N_("IBAN"),
    "CRYPTO": N_("Crypto wallet"),
    "CUSTOM_TERM": N_("Own word list"),
}
