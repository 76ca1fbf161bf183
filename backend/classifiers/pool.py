"""The threads that score pictures: one for each core, shared by all models and requests.

Pictures one by one on several interpreters are quicker than one batch on all cores, so
there is no batching: what is asked becomes jobs, which wait in two queues. As each request has
only a few jobs waiting at a time, requests take turns; and what somebody begins with has a head
start, so that in a class everybody soon gets something.

Threads that ask should only wait meanwhile: if they calculated, too, a core would have to share
its time between them and one of these threads, while the others wait for both.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Any, TypeVar

Result = TypeVar("Result")


def cores() -> int:
    """How many cores this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


WORKERS = cores()
HEAD_START_S = 1.0
"""A beginning goes before other jobs, unless these came so much earlier. More than a step of the
clock: no job may go before a beginning that was queued before it, as it may wait for that."""


@dataclass(frozen=True)
class _Job:
    work: Callable[[], Any]
    future: Future = field(default_factory=Future)
    since: float = field(default_factory=monotonic)


_of_thread = threading.local()


def _join_the_pool() -> None:
    _of_thread.is_of_the_pool = True


_workers = ThreadPoolExecutor(WORKERS, "classifier", initializer=_join_the_pool)
_beginnings: deque[_Job] = deque()
_others: deque[_Job] = deque()
_choosing = threading.Lock()


def _submit(work: Callable[[], Result], beginning: bool) -> "Future[Result]":
    """Queue a job, or do it at once if a thread of the pool asks.

    A thread of the pool that waited for the pool could wait for itself.
    """
    job = _Job(work)
    if getattr(_of_thread, "is_of_the_pool", False):
        try:
            _do(job)
            return job.future
        finally:
            del job  # see `_do`
    return _queue(job, beginning)


def _queue(job: _Job, beginning: bool) -> Future:
    with _choosing:  # both or none: a job without a thread would be waited for in vain
        _workers.submit(lambda: _do(_next_job()))
        (_beginnings if beginning else _others).append(job)
    return job.future


def _next_job() -> _Job:
    """The job whose turn it is; there is one, as this is asked once for each."""
    with _choosing:
        first = _beginnings and (
            not _others or _beginnings[0].since < _others[0].since + HEAD_START_S
        )
        return (_beginnings if first else _others).popleft()


def _do(job: _Job) -> None:
    future = job.future
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(job.work())
    except BaseException as problem:
        future.set_exception(problem)
        # Its traceback holds this frame: what the job holds must not live on with it.
        del job, future


def begin(job: Callable[[], Result]) -> Callable[[], Result]:
    """Begin a job on the pool; returns what waits for its result.

    It, and all jobs that come later, may wait for it and for others that were begun before:
    these are done, or at work. Who waits takes a thread meanwhile, so it should not be for
    long. Begun by another job, it is done at once.
    """
    return _submit(job, beginning=True).result


def together(count: int, do: Callable[[int], None]) -> None:
    """Do `do(0)` … `do(count − 1)` on the thread at hand; threads with nothing else to do help.

    So the last jobs of a request end at the same time, however long each of them takes.
    """
    # It is atomic to take the next number of a range: each is done once.
    numbers = iter(range(count))

    def work_off() -> None:
        try:
            for number in numbers:
                do(number)
        except BaseException:
            deque(numbers, maxlen=0)  # nobody begins another
            raise

    # As long as jobs wait, no thread is idle.
    most = 0 if _beginnings or _others else min(WORKERS, count) - 1
    offers = [_queue(_Job(work_off), beginning=False) for _ in range(most)]
    try:
        work_off()
    finally:
        offers = [offer for offer in offers if not offer.cancel()]
        wait(offers)
        while offers:
            offers.pop().result()  # not kept meanwhile: see `_do`


def in_order(
    jobs: Iterable[Callable[[], Result]],
    most_ahead: int = 2 * WORKERS,
    at_end: Callable[[], object] = lambda: None,
) -> Generator[Result, None, None]:
    """Do one job after another on the pool, and give their results in order.

    The first jobs begin at once, and others as results are taken, so that at most `most_ahead`
    wait behind the one whose result is next. The first one has a head start before the jobs of
    others. Closing the generator, or letting go of it, stops the work at the next job.

    Args:
        at_end: called when all is done, or as soon as nobody wants the rest.
    """
    results = _in_order(jobs, most_ahead, at_end)
    next(results)  # one that has begun ends properly even if nobody ever asks for a result
    return results


def _in_order(
    jobs: Iterable[Callable[[], Any]], most_ahead: int, at_end: Callable[[], object]
) -> Generator[Any, None, None]:
    """None when the first jobs have begun, then as `in_order`."""
    ahead: deque[Future] = deque()
    waiting = iter(jobs)
    try:
        for number, job in enumerate(islice(waiting, most_ahead)):
            ahead.append(_submit(job, beginning=number == 0))
        yield
        for job in waiting:
            ahead.append(_submit(job, beginning=False))
            yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        at_end()
        for future in ahead:
            future.cancel()
