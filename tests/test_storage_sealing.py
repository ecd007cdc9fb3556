"""What is sealed opens with its key, in its place, unaltered; and not otherwise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain.errors import ServiceDown
from agent.storage.sealing import Sealer

OLD, NEW = b"o" * 32, b"n" * 32


@settings(max_examples=50, deadline=None)
@given(clear=st.binary(max_size=300), place=st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(clear: bytes, place: str) -> None:
    sealed = Sealer([NEW]).seal(clear, place)

    assert Sealer([NEW]).open(sealed, place) == clear
    assert len(clear) < 8 or clear not in sealed


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealer = Sealer([NEW])

    with pytest.raises(ServiceDown, match="altered or moved"):
        sealer.open(sealer.seal(b"Ana Ruiz", "patients:P-1"), "patients:P-2")


@pytest.mark.parametrize("at", [0, 3, 12, 25, -1])
def test_a_value_altered_anywhere_does_not_open(at: int) -> None:
    sealer = Sealer([NEW])
    sealed = bytearray(sealer.seal(b"Ana Ruiz", "p"))
    sealed[at] ^= 1

    with pytest.raises(ServiceDown):
        sealer.open(bytes(sealed), "p")


def test_equal_words_look_different_each_time() -> None:
    sealer = Sealer([NEW])

    assert sealer.seal(b"same", "p") != sealer.seal(b"same", "p")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before = Sealer([OLD]).seal(b"words", "p")
    both = Sealer([NEW, OLD])

    assert both.open(before, "p") == b"words"
    assert Sealer([NEW]).open(both.seal(b"words", "p"), "p") == b"words"
    with pytest.raises(ServiceDown, match="key that is not here"):
        Sealer([NEW]).open(before, "p")


def test_the_key_itself_is_nowhere_to_be_seen() -> None:
    sealer = Sealer([NEW])

    assert NEW not in sealer.seal(b"words", "p")
    assert NEW.hex() not in repr(sealer) + sealer.key_id + sealer.fingerprint("words", "audit")
