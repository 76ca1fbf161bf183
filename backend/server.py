"""Peekaboo's server: Flask behind waitress, for this computer unless told otherwise."""

import ctypes
import logging
import os
import socket
import sys
import webbrowser
from contextlib import suppress
from threading import Timer

import waitress

from backend.app import LARGEST_REQUEST_BYTES, create_app
from backend.classifiers.store import Store
from backend.errors import BadSetting
from backend.routes.places import LONG_AT_ONCE, SWEEPS_AT_ONCE

DEFAULT_PORT = 8000
"""TurboWarp trusts an extension from exactly http://localhost:8000/."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LONGEST_TURN_S = 0.001
"""Of Python's turns: who comes back from a model soon goes on, though others are at work."""
THREADS = SWEEPS_AT_ONCE + LONG_AT_ONCE + 8
"""They mostly wait for the models; some are left to say that we are busy."""


def serve(host: str = "127.0.0.1", port: int = DEFAULT_PORT, open_browser: bool = True) -> None:
    """Answer requests until stopped.

    Raises:
        BadSetting: the port is in use or not allowed; the hint names a free one.
    """
    if not 0 < port < 65536:
        raise BadSetting(
            "bad_port", f"There is no port {port}.", f"Choose another, such as {DEFAULT_PORT}."
        )
    listening = _listen(host, port)
    tune_process()
    # It warns whenever a request waits for a moment, which is what requests do here.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    address = f"http://localhost:{port}/"
    server = waitress.create_server(
        create_app(Store(), hosts=_names_of(host)),
        sockets=[listening],
        threads=THREADS,
        channel_request_lookahead=1,  # so that a sweep notices that nobody waits for it
        ident=None,
        recv_bytes=1 << 19,  # a stage of raw pixels is 691,200 bytes
        inbuf_overflow=1 << 20,
        max_request_body_size=LARGEST_REQUEST_BYTES + 1,  # Flask says it more kindly
    )
    print(f"Peekaboo is ready at {address}", flush=True)
    if open_browser:
        Timer(0.1, webbrowser.open, [address]).start()
    try:
        server.run()
    finally:
        server.close()


def tune_process() -> None:
    """Make ready for many threads that calculate: for the whole process, so no library does it."""
    sys.setswitchinterval(LONGEST_TURN_S)
    _give_memory_back()


def _give_memory_back() -> None:
    """Let the C library give large blocks back to the system as soon as they are free.

    It would otherwise keep the memory of unpacked photos, for each thread its own: with
    thirty photos of a telephone, more than a gigabyte. What a picture of the stage takes it
    keeps: to ask the system for that anew would cost a sixth of the time of a sweep.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library without it
            library = ctypes.CDLL(None)
            library.mallopt(M_MMAP_THRESHOLD, 1 << 20)
            library.mallopt(M_TRIM_THRESHOLD, 8 << 20)
            library.mallopt(M_ARENA_MAX, 2)


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        # On Windows this option would let two servers share one port.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as problem:
        listening.close()
        raise BadSetting(
            "port_in_use",
            f"Port {port} of {host} cannot be used: {getattr(problem, 'strerror', problem)}.",
            f"Perhaps Peekaboo is running already: look at http://localhost:{port}/. "
            f"Otherwise start it with --port {_free_port(host, port)}.",
        ) from problem
    return listening


def _free_port(host: str, taken: int) -> int:
    for port in range(taken + 1, taken + 100):
        with socket.socket() as attempt:
            try:
                attempt.bind((host, port))
            except (OSError, OverflowError):
                continue
            return port
    return DEFAULT_PORT


def _names_of(host: str) -> tuple[str, ...]:
    if host == "0.0.0.0":
        name = socket.gethostname()
        try:
            addresses = socket.gethostbyname_ex(name)[2]
        except OSError:
            addresses = []
        return (name, f"{name}.local", *addresses)
    return (host,)
