"""The words of the model as a person reads them: statuses, findings, decisions, formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.model import Decision, FindingFilter, Status
from curation.ui.catalogue import _

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATUS: Final[Mapping[Status, str]] = {
    Status.PENDING: N_("To review"),
    Status.APPROVED: N_("Approved"),
    Status.REJECTED: N_("Rejected"),
    Status.SKIPPED: N_("Skipped"),
}

_STATUS_SIGN: Final[Mapping[Status, str]] = {
    Status.PENDING: "○",
    Status.APPROVED: "✓",
    Status.REJECTED: "✕",
    Status.SKIPPED: "→",
}

_DECISION: Final[Mapping[Decision, str]] = {
    Decision.PENDING: N_("Undecided"),
    Decision.MASK: N_("Mask"),
    Decision.KEEP: N_("Keep"),
}

_FINDINGS: Final[Mapping[FindingFilter, str]] = {
    FindingFilter.ALL: N_("With or without"),
    FindingFilter.ANY: N_("With findings"),
    FindingFilter.UNDECIDED: N_("With undecided findings"),
    FindingFilter.NONE: N_("Without findings"),
}

_ENTITY: Final[Mapping[str, str]] = {
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


def status_label(status: Status) -> str:
    """Return what a status is called."""
    return _(_STATUS[status])


def status_sign(status: Status) -> str:
    """Return the sign of a status and what it is called."""
    return f"{_STATUS_SIGN[status]} {status_label(status)}"


def decision_label(decision: Decision | None) -> str:
    """Return what a decision is called; None is a value decided differently in places."""
    return _("Mixed") if decision is None else _(_DECISION[decision])


def findings_label(choice: FindingFilter) -> str:
    """Return what a filter on findings is called."""
    return _(_FINDINGS[choice])


def entity_label(entity: str) -> str:
    """Return what a kind of finding is called; an unknown kind keeps its own name."""
    return _(_ENTITY[entity]) if entity in _ENTITY else entity
