from backend.explanations.recent import RecentSweeps


def test_the_least_recently_asked_is_forgotten_first():
    recent = RecentSweeps(most_squares=10)
    recent.keep("a", "start of a", [1] * 4)
    recent.keep("b", "start of b", [2] * 4)
    assert recent.get("a") == ("start of a", [1] * 4)
    recent.keep("c", "start of c", [3] * 4)
    assert recent.get("b") is None
    assert recent.get("a") and recent.get("c")


def test_keeping_the_same_again_takes_no_more_room():
    recent = RecentSweeps(most_squares=10)
    for _ in range(5):
        recent.keep("a", "start", [1] * 5)
    recent.keep("b", "start", [1] * 5)
    assert recent.get("a") and recent.get("b")


def test_too_much_for_all_the_room_is_not_kept():
    recent = RecentSweeps(most_squares=10)
    recent.keep("a", "start", [1] * 11)
    assert recent.get("a") is None
