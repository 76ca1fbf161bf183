"""Requests that are held back, so that answers come in another order than asked for."""

import time

HELD_WITHIN_S = 20


class Held:
    """Holds every request of a page that fits `pattern` (and `fits`), until it is let go."""

    def __init__(self, page, pattern: str, fits=lambda request: True):
        self.page = page
        self.routes = []
        self._fits = fits
        self._holding = True
        page.route(pattern, self._hold)

    def _hold(self, route) -> None:
        if self._holding and self._fits(route.request):
            self.routes.append(route)
        else:
            route.fallback()

    def wait(self, count: int = 1) -> None:
        """Return as soon as so many requests are held."""
        deadline = time.monotonic() + HELD_WITHIN_S
        while len(self.routes) < count:
            assert time.monotonic() < deadline, f"{len(self.routes)} of {count} were asked"
            self.page.wait_for_timeout(20)

    def go(self) -> None:
        """Let them go, and what comes later; return when the page has heard the answers."""
        self._holding = False
        for route in self.routes:
            route.fallback()
            if response := route.request.response():  # else the page asked no longer
                response.finished()
        self._heard()

    def abort(self) -> None:
        """Lose them, and let go what comes later; return when the page has heard of it."""
        self._holding = False
        for route in self.routes:
            route.abort()
        self._heard()

    def _heard(self) -> None:
        """An answer that was asked for later is there: the page is through with those before."""
        self.page.evaluate("() => fetch('/api/health').then((answer) => answer.json())")
