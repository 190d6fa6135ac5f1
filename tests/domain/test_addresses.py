"""The addresses that the gateway calls."""

from __future__ import annotations

from smschat.domain.addresses import inbound_address, proof, proof_address, receipt_address

TOKEN = "t" * 22
REF = "r" * 11
NONCE = "n" * 22


def test_the_inbound_address_is_the_origin_and_the_token() -> None:
    assert inbound_address("https://sms.example", TOKEN) == f"https://sms.example/{TOKEN}"


def test_a_slash_at_the_end_of_the_origin_is_not_doubled() -> None:
    assert inbound_address("https://sms.example/", TOKEN) == f"https://sms.example/{TOKEN}"
    assert receipt_address("https://sms.example/", TOKEN, REF) == f"https://sms.example/{TOKEN}/r/{REF}"


def test_a_receipt_address_of_100_characters_is_given_and_a_longer_one_is_not() -> None:
    origin = "https://" + "h" * 55
    fits = receipt_address(origin, TOKEN, REF)
    assert fits is not None
    assert len(fits) == 100
    assert receipt_address(origin + "h", TOKEN, REF) is None


def test_the_proof_is_asked_for_under_the_token() -> None:
    assert proof_address("https://sms.example/", TOKEN, NONCE) == f"https://sms.example/{TOKEN}/p/{NONCE}"


def test_the_proof_is_the_hmac_sha256_of_the_nonce_under_the_token() -> None:
    # RFC 4231, test case 2
    assert proof("Jefe", "what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
