"""Numbers whose check digits or shape name them: network cards, bank accounts, wallets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.pii.recognizers.crypto import has_base58_checksum, has_bech32_checksum
from curation.pii.recognizers.iban import has_valid_check_digits

if TYPE_CHECKING:
    from tests.pii.conftest import Found

BITCOIN = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
SEGWIT = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
TAPROOT = "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr"
ETHEREUM = "0x52908400098527886E0F7030069857D2E4169EE7"
IBAN = "DE89370400440532013000"

CASES = [
    pytest.param("MAC_ADDRESS", "MAC是3C:22:FB:9A:0E:1D绑一下", ["3C:22:FB:9A:0E:1D"], id="MAC"),
    pytest.param("MAC_ADDRESS", "00-00-5e-00-53-af", ["00-00-5e-00-53-af"], id="MAC with dashes"),
    pytest.param("MAC_ADDRESS", "001a.2b3c.4d5e", ["001a.2b3c.4d5e"], id="MAC with dots"),
    pytest.param("MAC_ADDRESS", "24-03-15-12-30-45", [], id="date and time"),
    pytest.param("MAC_ADDRESS", "12:30:45:12:30:45", [], id="two clock times"),
    pytest.param("MAC_ADDRESS", "ff:ff:ff:ff:ff:ff", [], id="everybody"),
    pytest.param("MAC_ADDRESS", "ab:cd:ef:12:34:56:78", [], id="seven pairs"),
    pytest.param("MAC_ADDRESS", "ab:cd-ef:12:34:56", [], id="mixed signs"),
    pytest.param("IBAN_CODE", f"打到{IBAN}谢谢", [IBAN], id="IBAN, glued"),
    pytest.param(
        "IBAN_CODE", "DE89 3704 0044 0532 0130 00", ["DE89 3704 0044 0532 0130 00"], id="spaced"
    ),
    pytest.param(
        "IBAN_CODE",
        "GB82WEST12345698765432 and more",
        ["GB82WEST12345698765432"],
        id="words after it",
    ),
    pytest.param("IBAN_CODE", "gb82west12345698765432", ["gb82west12345698765432"], id="small"),
    pytest.param("IBAN_CODE", "DE89370400440532013001", [], id="wrong check digits"),
    pytest.param("IBAN_CODE", "DE8937040044053201300", [], id="too short"),
    pytest.param("IBAN_CODE", f"{IBAN}7", [], id="too long"),
    pytest.param("IBAN_CODE", "ZZ89370400440532013000", [], id="no such country"),
    pytest.param("CRYPTO", f"BTC {BITCOIN}打这", [BITCOIN], id="Bitcoin"),
    pytest.param("CRYPTO", SEGWIT, [SEGWIT], id="bech32"),
    pytest.param("CRYPTO", SEGWIT.upper(), [SEGWIT.upper()], id="bech32 in capitals"),
    pytest.param("CRYPTO", f"钱包{TAPROOT}", [TAPROOT], id="bech32m"),
    pytest.param(
        "CRYPTO",
        "TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC",
        ["TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC"],
        id="Tron",
    ),
    pytest.param("CRYPTO", f"我的地址{ETHEREUM}", [ETHEREUM], id="Ethereum"),
    pytest.param(
        "MAC_ADDRESS",
        "MAC：3C:22:FB:9A:0E:1D",
        ["3C:22:FB:9A:0E:1D"],
        id="MAC after its name and a colon",
    ),
    pytest.param("MAC_ADDRESS", "MAC地址 3C22FB9A0E1D", ["3C22FB9A0E1D"], id="MAC, bare digits"),
    pytest.param("MAC_ADDRESS", "commit 3C22FB9A0E1D", [], id="twelve digits of a commit"),
    pytest.param(
        "CRYPTO",
        "SOL钱包地址：KbnNgKoa2WPQkpue931HcWk7ykbD1UrtUfdmnhiXwvRX",
        ["KbnNgKoa2WPQkpue931HcWk7ykbD1UrtUfdmnhiXwvRX"],
        id="Solana, named",
    ),
    pytest.param(
        "CRYPTO", "KbnNgKoa2WPQkpue931HcWk7ykbD1UrtUfdmnhiXwvRX", [], id="Solana, not named"
    ),
    pytest.param(
        "CRYPTO",
        "LTC LPetQCUdZ9xm9He2pLAqg3khcUN8mtnzZp",
        ["LPetQCUdZ9xm9He2pLAqg3khcUN8mtnzZp"],
        id="Litecoin",
    ),
    pytest.param(
        "CRYPTO",
        "DThA8PhvgQcBvPZx1mYfCieMangAUeWhWW",
        ["DThA8PhvgQcBvPZx1mYfCieMangAUeWhWW"],
        id="Dogecoin",
    ),
    pytest.param("CRYPTO", BITCOIN[:-1] + "b", [], id="Bitcoin, mistyped"),
    pytest.param("CRYPTO", SEGWIT[:-1] + "x", [], id="bech32, mistyped"),
    pytest.param("CRYPTO", "0x" + "ab" * 32, [], id="transaction"),
    pytest.param("CRYPTO", "0x" + "0" * 40, [], id="null address"),
    pytest.param("CRYPTO", "7d865e959b2466918c9863afca942d0fb89d7c9a", [], id="git hash"),
]


@pytest.mark.parametrize(("entity", "text", "expected"), CASES)
def test_an_account_is_found_by_its_checksum_or_shape(
    found: Found, entity: str, text: str, expected: list[str]
) -> None:
    assert found(text, entity) == expected


@pytest.mark.parametrize("place", range(4, len(IBAN)))
def test_the_check_digits_of_an_iban_notice_one_wrong_digit(place: int) -> None:
    wrong = IBAN[:place] + str((int(IBAN[place]) + 1) % 10) + IBAN[place + 1 :]
    assert has_valid_check_digits(IBAN)
    assert not has_valid_check_digits(wrong)


@pytest.mark.parametrize("place", range(1, len(BITCOIN)))
def test_the_checksum_of_a_bitcoin_address_notices_one_wrong_letter(place: int) -> None:
    wrong = BITCOIN[:place] + ("2" if BITCOIN[place] != "2" else "3") + BITCOIN[place + 1 :]
    assert has_base58_checksum(BITCOIN)
    assert not has_base58_checksum(wrong)


@pytest.mark.parametrize("address", [SEGWIT, TAPROOT])
def test_the_checksum_of_a_newer_address_notices_one_wrong_letter(address: str) -> None:
    assert has_bech32_checksum(address)
    for place in range(4, len(address)):
        wrong = address[:place] + ("q" if address[place] != "q" else "p") + address[place + 1 :]
        assert not has_bech32_checksum(wrong)
