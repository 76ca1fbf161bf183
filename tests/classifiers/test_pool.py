import gc
import itertools
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import closing
from functools import partial
from time import sleep

import pytest

from backend.classifiers import pool
from backend.classifiers.pool import WORKERS, begin, in_order, together


def test_results_keep_the_order_of_the_jobs():
    def wait(number):
        # The first jobs take longest.
        time.sleep(0.03 / (1 + number))
        return number

    assert list(in_order((lambda n=n: wait(n)) for n in range(30))) == list(range(30))


def test_all_cores_work():
    names = set()
    meeting = threading.Barrier(WORKERS, timeout=10)

    def meet():
        names.add(threading.current_thread().name)
        meeting.wait()

    list(in_order([meet] * WORKERS))
    assert len(names) == WORKERS


def test_closing_stops_the_work_at_the_next_job():
    begun = []

    def job(number):
        begun.append(number)
        time.sleep(0.005)

    with closing(in_order((lambda n=n: job(n)) for n in range(300))) as results:
        next(results)
    # What runs may end, what waits must not begin.
    time.sleep(0.05)
    after = len(begun)
    assert after <= 3 * WORKERS + 1
    time.sleep(0.05)
    assert len(begun) == after


def test_results_come_while_later_jobs_are_not_even_made():
    with closing(in_order((lambda n=n: n) for n in itertools.count())) as results:
        assert [next(results) for _ in range(100)] == list(range(100))


def test_a_failing_job_fails_its_own_request_only():
    def broken():
        raise ArithmeticError("no such square")

    with pytest.raises(ArithmeticError, match="no such square"):
        list(in_order([lambda: 1, broken, lambda: 2]))
    assert list(in_order([lambda: 3] * 9)) == [3] * 9


def test_a_short_request_does_not_wait_for_a_long_one():
    done = []

    def long_request():
        for result in in_order([lambda: time.sleep(0.005)] * 200):
            done.append(result)

    request = threading.Thread(target=long_request)
    request.start()
    while len(done) < 5:
        time.sleep(0.002)
    list(in_order([lambda: None]))
    done_meanwhile = len(done)
    request.join()
    assert len(done) == 200
    assert done_meanwhile < 60


def test_what_was_begun_is_done_meanwhile():
    started = threading.Event()

    def job():
        started.set()
        return threading.current_thread()

    result = begin(job)
    assert started.wait(10)
    assert result() is not threading.current_thread()


def test_what_was_begun_may_wait_for_what_was_begun_before():
    chain = [begin(lambda: 1)]
    for _ in range(10 * WORKERS):
        chain.append(begin(lambda before=chain[-1]: before() + 1))
    assert chain[-1]() == 1 + 10 * WORKERS


def test_jobs_that_ask_the_pool_do_not_wait_for_each_other():
    meeting = threading.Barrier(WORKERS, timeout=10)

    def asking():
        meeting.wait()  # all threads of the pool are here now: none is left to help
        return sum(in_order([lambda: 1, lambda: 2])), begin(threading.current_thread)()

    answers = [begin(asking) for _ in range(WORKERS)]
    threads = set()
    for answer in answers:
        total, thread = answer()
        assert total == 3
        threads.add(thread)
    assert len(threads) == WORKERS


class Large:
    """Something whose memory is missed."""


@pytest.mark.parametrize(
    "fail",
    [
        lambda job: begin(job)(),
        lambda job: list(in_order([job])),
        lambda job: begin(lambda: list(in_order([job])))(),
        lambda job: begin(lambda: together(9, lambda number: number or job()))(),
        lambda job: begin(lambda: together(9, lambda number: job() if number else sleep(0.02)))(),
    ],
    ids=["begun", "in order", "inside another", "together", "by who helps"],
)
def test_what_a_failed_job_held_is_let_go_at_once(fail):
    def ask():
        def job(large):
            raise ArithmeticError

        large = Large()
        with pytest.raises(ArithmeticError):
            fail(partial(job, large))
        return weakref.ref(large)

    gc.disable()
    try:
        held = ask()
        list(in_order([lambda: None] * 2 * WORKERS))  # its thread has gone on by now
        time.sleep(0.05)
        assert held() is None
    finally:
        gc.enable()


@pytest.mark.skipif(WORKERS == 1, reason="nobody helps on a single core")
def test_threads_with_nothing_else_to_do_help():
    meeting = threading.Barrier(2, timeout=10)
    threads = set()

    def do(number):
        meeting.wait()  # two are always at work
        threads.add(threading.current_thread())

    begin(lambda: together(6, do))()
    assert len(threads) >= 2


def busy_but_one(last: Callable[[], object]) -> tuple[threading.Event, Callable[[], object]]:
    """Keep the pool's threads busy until the event is set; one does `last` before."""
    begun, go_on = threading.Barrier(WORKERS + 1), threading.Event()

    def block():
        begun.wait(10)
        go_on.wait(10)

    def prepare_last():
        begun.wait(10)
        return last()

    result = begin(prepare_last)
    for _ in range(WORKERS - 1):
        begin(block)
    begun.wait(10)
    return go_on, result


def test_who_works_together_does_not_wait_for_threads_that_are_busy():
    done = []
    go_on, result = busy_but_one(lambda: together(5, done.append))
    try:
        result()
        assert sorted(done) == [0, 1, 2, 3, 4]
        assert not go_on.is_set()
    finally:
        go_on.set()


def test_nobody_is_asked_to_help_while_others_wait():
    waiting, ready = [], threading.Event()

    def last():
        ready.wait(10)
        together(5, lambda number: waiting.append(len(pool._others)))

    go_on, result = busy_but_one(last)
    try:
        others = in_order([lambda: None] * 3, 3)  # of these, the first is a beginning
        ready.set()
        result()
        assert waiting == [2] * 5
    finally:
        go_on.set()
    assert len(list(others)) == 3


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_what_is_done_together_is_done_once(count):
    for _ in range(50):
        done = []
        begin(lambda done=done: together(count, done.append))()
        assert sorted(done) == list(range(count))


def test_after_a_failure_together_nobody_begins_another():
    begun = []

    def do(number):
        begun.append(number)
        if number == 1:
            raise ArithmeticError("no such square")
        time.sleep(0.02)

    with pytest.raises(ArithmeticError, match="no such square"):
        begin(lambda: together(100, do))()
    after = len(begun)
    assert after <= 2 * WORKERS + 1
    time.sleep(0.05)
    assert len(begun) == after


def test_jobs_begin_before_anybody_asks_for_a_result():
    started = threading.Event()
    results = in_order([started.set])
    assert started.wait(10)
    assert list(results) == [None]


def test_results_that_nobody_asked_for_are_not_made():
    go_on, done, ended = all_threads_busy(), [], []
    results = in_order([lambda: done.append(1)] * 9, at_end=lambda: ended.append(1))
    assert ended == []
    del results
    assert ended == [1]
    go_on.set()
    list(in_order([threading.Barrier(WORKERS).wait] * WORKERS))
    assert done == []


@pytest.mark.skipif(WORKERS == 1, reason="nobody helps on a single core")
def test_the_failure_of_a_helper_is_that_of_all():
    meeting, threads = threading.Barrier(2, timeout=10), []

    def do(number):
        meeting.wait()  # two are at work, and the one who helps fails
        if threading.current_thread() not in threads:
            raise ArithmeticError("no such square")

    def first():
        threads.append(threading.current_thread())
        together(2, do)

    with pytest.raises(ArithmeticError, match="no such square"):
        begin(first)()


def all_threads_busy() -> threading.Event:
    """Keep the pool's threads busy until the event is set."""
    begun, go_on = threading.Barrier(WORKERS + 1), threading.Event()

    def block():
        begun.wait(10)
        go_on.wait(10)

    for _ in range(WORKERS):
        begin(block)
    begun.wait(10)
    return go_on


def order_of_jobs(go_on: threading.Event) -> list[str]:
    """An early request waits for its first results when a late one comes: who is served first?"""
    order: list[str] = []
    early = in_order([lambda n=n: order.append(f"early {n}") for n in range(9)], 2)
    late = in_order([lambda n=n: order.append(f"late {n}") for n in range(9)], 2)
    requests = [threading.Thread(target=list, args=(one,)) for one in (early, late)]
    for request in requests:
        request.start()
        # Its first jobs are in the queue; none of them can begin.
        time.sleep(0.05)
    go_on.set()
    for request in requests:
        request.join()
    return order


def test_what_begins_goes_before_what_goes_on():
    order = order_of_jobs(all_threads_busy())
    assert order.index("late 0") < order.index("early 1")


def test_what_came_much_earlier_goes_before_what_begins(monkeypatch):
    monkeypatch.setattr(pool, "HEAD_START_S", 0.0)
    order = order_of_jobs(all_threads_busy())
    assert order.index("early 1") < order.index("late 0")


def test_whoever_comes_while_all_have_waited_long_waits_for_their_queue_only(monkeypatch):
    monkeypatch.setattr(pool, "HEAD_START_S", 0.02)
    requests, jobs_each, done = 10, 20 * WORKERS, []

    def job():
        time.sleep(0.005)
        done.append(1)

    others = [
        threading.Thread(target=lambda: list(in_order([job] * jobs_each))) for _ in range(requests)
    ]
    for other in others:
        other.start()
    while len(done) < requests * jobs_each / 4:
        time.sleep(0.002)
    before = len(done)
    list(in_order([lambda: None]))
    waited_for = len(done) - before
    for other in others:
        other.join()
    assert waited_for <= requests * (2 * WORKERS + 1) + 2 * WORKERS
