"""Places for requests that take long: some threads are left to say that we are busy."""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from flask import Response, make_response

from backend.errors import Busy

View = Callable[..., Any]
SWEEPS_AT_ONCE = 40
"""A class and a few more; their memory is what bounds it."""
LONG_AT_ONCE = 40
"""Of all that may take longer than a sweep: it must not keep anybody from measuring relevance."""


def bounded(places: BoundedSemaphore) -> Callable[[View], View]:
    """Let a view answer only while there is a place, which it has until its answer is sent.

    Raises (the view):
        Busy: there is none.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Response:
            if not places.acquire(blocking=False):
                raise Busy(
                    "busy",
                    "Too many are asking at the moment.",
                    "Wait a second and try again.",
                )
            try:
                response = make_response(view(*args, **kwargs))
            except BaseException:
                places.release()
                raise
            response.direct_passthrough = False  # A file sent as it is would not tell of its end.
            response.call_on_close(places.release)
            return response

        return answer

    return decorate


takes_long = bounded(BoundedSemaphore(LONG_AT_ONCE))
"""For views of which all together have `LONG_AT_ONCE` places."""
