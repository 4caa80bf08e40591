"""Words that one text has and the other lacks."""

from hypothesis import given
from hypothesis import strategies as st

from articles.lib.word_diff import Piece, compare


def test_words_of_one_side_are_told_apart() -> None:
    left, right = compare("Cells for pain in all", "Cells for less pain in all of us")
    assert left == [Piece("Cells for pain in all", True)]
    assert right == [
        Piece("Cells for ", True),
        Piece("less ", False),
        Piece("pain in all ", True),
        Piece("of us", False),
    ]


def test_white_space_is_no_difference() -> None:
    left, right = compare("one  two\nthree", "one two three")
    assert all(piece.is_shared for piece in left + right)


def test_nothing_in_common_and_nothing_at_all() -> None:
    assert compare("one", "two") == ([Piece("one", False)], [Piece("two", False)])
    assert compare("", "two") == ([], [Piece("two", False)])


WORDS = st.text("ab \n\u00e9", max_size=30)


@given(WORDS, WORDS)
def test_pieces_give_the_text_again_and_the_shared_words_are_the_same(one: str, other: str) -> None:
    left, right = compare(one, other)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (one, other)
    shared = [" ".join("".join(p.text for p in side if p.is_shared).split()) for side in (left, right)]
    assert shared[0] == shared[1]
