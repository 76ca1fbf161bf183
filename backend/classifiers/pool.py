"""The threads that score pictures: one for each core, shared by all models and requests.

Pictures one by one on several interpreters are quicker than one batch on all cores, so
there is no batching: what is asked becomes jobs, which wait in two queues. As each request has
only a few jobs waiting at a time, requests take turns; and what somebody begins with has a head
start, so that in a class everybody soon gets something.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeVar

Result = TypeVar("Result")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


WORKERS = _cores()
HEAD_START_S = 1.0
"""A beginning goes before other jobs, unless these came so much earlier."""


@dataclass(frozen=True)
class _Job:
    work: Callable[[], Any]
    future: Future = field(default_factory=Future)
    since: float = field(default_factory=monotonic)


_workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="classifier")
_beginnings: deque[_Job] = deque()
_others: deque[_Job] = deque()
_choosing = threading.Lock()


def _submit(work: Callable[[], Result], beginning: bool) -> "Future[Result]":
    job = _Job(work)
    with _choosing:
        (_beginnings if beginning else _others).append(job)
    _workers.submit(_do_next)
    return job.future


def _do_next() -> None:
    """Do the job whose turn it is; there is one, as this is submitted once for each."""
    with _choosing:
        first = _beginnings and (
            not _others or _beginnings[0].since < _others[0].since + HEAD_START_S
        )
        job = (_beginnings if first else _others).popleft()
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
    """Begin a job on the pool while the caller does something else.

    Returns:
        what gives its result. If no thread has been free until then, the caller does it
        itself, rather than wait behind the jobs of others.
    """
    future = _submit(job, beginning=True)
    return lambda: job() if future.cancel() else future.result()


def in_order(
    jobs: Iterable[Callable[[], Result]], most_ahead: int = 2 * WORKERS
) -> Generator[Result, None, None]:
    """Do one job after another on the pool, and give their results in order.

    Jobs are taken from the iterable only `most_ahead`; the first one has a head start before the
    jobs of others. Closing the generator stops the work at the next job.
    """
    ahead: deque[Future[Result]] = deque()
    try:
        for number, job in enumerate(jobs):
            ahead.append(_submit(job, beginning=number == 0))
            if len(ahead) > most_ahead:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        for future in ahead:
            future.cancel()
