"""A deadline: what is left of it, and when it has passed."""

from mysafe_env.deadline import Deadline


def test_time_is_left() -> None:
    """Before the moment, there is something left, and never more than was given."""
    deadline = Deadline(1000)
    assert 0 < deadline.remaining() <= 1000
    assert not deadline.passed
    assert 1000 == deadline.seconds


def test_no_time_is_left() -> None:
    """After the moment, nothing is left, and never less than that."""
    assert 0 == Deadline(-1).remaining()
    assert Deadline(0).passed
