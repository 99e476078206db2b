"""The registry of recognizers: a module each, a line each here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.pii.recognizers.address import CnAddressRecognizer
from curation.pii.recognizers.bank_card import BankCardRecognizer
from curation.pii.recognizers.contacts import (
    LikelyPhoneRecognizer,
    LikelyQqNumberRecognizer,
    LikelyWechatIdRecognizer,
)
from curation.pii.recognizers.crypto import CryptoRecognizer
from curation.pii.recognizers.email import EmailRecognizer
from curation.pii.recognizers.iban import IbanRecognizer
from curation.pii.recognizers.id_card import CnIdCardRecognizer
from curation.pii.recognizers.ip import IpAddressRecognizer
from curation.pii.recognizers.license_plate import LicensePlateRecognizer
from curation.pii.recognizers.mac import MacAddressRecognizer
from curation.pii.recognizers.passport import PassportRecognizer
from curation.pii.recognizers.person import PersonRecognizer
from curation.pii.recognizers.person_calls import PersonCallRecognizer
from curation.pii.recognizers.person_forms import PersonFormRecognizer
from curation.pii.recognizers.person_ids import (
    KnownQqNumberRecognizer,
    KnownWechatIdRecognizer,
)
from curation.pii.recognizers.phone import CnPhoneRecognizer
from curation.pii.recognizers.phrases import PassphraseRecognizer
from curation.pii.recognizers.qq import QqNumberRecognizer
from curation.pii.recognizers.secret_forms import PasswordFormRecognizer
from curation.pii.recognizers.secrets import OtpCodeRecognizer, PasswordRecognizer
from curation.pii.recognizers.tagged import (
    TaggedAddressRecognizer,
    TaggedPersonRecognizer,
)
from curation.pii.recognizers.term import OwnTermRecognizer
from curation.pii.recognizers.wechat import WechatIdRecognizer

if TYPE_CHECKING:
    from curation.pii.recognizers.base import ChatRecognizer

RECOGNIZERS: Final[tuple[type[ChatRecognizer], ...]] = (
    OwnTermRecognizer,
    EmailRecognizer,
    CnIdCardRecognizer,
    BankCardRecognizer,
    PasswordFormRecognizer,
    PassportRecognizer,
    CnPhoneRecognizer,
    WechatIdRecognizer,
    QqNumberRecognizer,
    KnownWechatIdRecognizer,
    KnownQqNumberRecognizer,
    LikelyPhoneRecognizer,
    LikelyWechatIdRecognizer,
    LikelyQqNumberRecognizer,
    LicensePlateRecognizer,
    IpAddressRecognizer,
    MacAddressRecognizer,
    IbanRecognizer,
    CryptoRecognizer,
    PasswordRecognizer,
    OtpCodeRecognizer,
    PassphraseRecognizer,
    CnAddressRecognizer,
    PersonRecognizer,
    PersonFormRecognizer,
    PersonCallRecognizer,
    TaggedAddressRecognizer,
    TaggedPersonRecognizer,
)
"""In order of precedence: of two findings on the same span the earlier recognizer's wins."""
