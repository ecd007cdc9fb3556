"""A name that is said, then spelled after "that's", is that name."""

import pytest

from agent.phi.spelled_names import readings_of


@pytest.mark.parametrize(
    ("stretch", "name"),
    [
        ("April Summers, that's A P R I L, S U M M E R S", "April Summers"),
        ("Omar Hadad, that's O M A R, H A D D A D", "Omar Haddad"),
        ("Ana Ruis, that is A N A, R U I Z", "Ana Ruiz"),
        ("Ana Ruis, it's R U I Z", "Ana Ruiz"),
        ("Ana Ruis, R, U, I, Z", "Ana Ruiz"),
    ],
)
def test_the_letters_after_thats_are_the_parts_of_the_name(stretch: str, name: str) -> None:
    assert readings_of(stretch)[0] == name
