"""The threads that score pictures: one for each core, shared by all models and requests.

Pictures one by one on several interpreters are quicker than one batch on all cores, so
there is no batching: every picture is a job in one queue, first come, first served. As
each request has only a few jobs in the queue at a time, requests take turns.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


WORKERS = _cores()
_workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="classifier")


def begin(job: Callable[[], Result]) -> Callable[[], Result]:
    """Begin a job on the pool while the caller does something else.

    Returns:
        what gives its result. If no thread has been free until then, the caller does it
        itself, rather than wait behind the jobs of others.
    """
    future = _workers.submit(job)
    return lambda: job() if future.cancel() else future.result()


def in_order(
    jobs: Iterable[Callable[[], Result]], most_ahead: int = 2 * WORKERS
) -> Generator[Result, None, None]:
    """Do one job after another on the pool, and give their results in order.

    Jobs are taken from the iterable only `most_ahead`, and until the first result is there no
    more than there are threads: where many ask at once, everybody soon gets something. Closing
    the generator stops the work at the next job.
    """
    ahead: deque[Future[Result]] = deque()
    room = WORKERS
    try:
        for job in jobs:
            ahead.append(_workers.submit(job))
            if len(ahead) >= room:
                yield ahead.popleft().result()
                room = most_ahead + 1
        while ahead:
            yield ahead.popleft().result()
    finally:
        for future in ahead:
            future.cancel()
