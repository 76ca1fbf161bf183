import threading
import time

import pytest

from backend.turns import Turns


def test_no_more_than_the_places_are_in_at_once():
    turns, changing = Turns(3), threading.Lock()
    inside, most = 0, 0

    def visit():
        nonlocal inside, most
        with turns:
            with changing:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)
            with changing:
                inside -= 1

    visitors = [threading.Thread(target=visit) for _ in range(40)]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    assert most == 3 and inside == 0


def test_first_come_first_served():
    turns, served = Turns(1), []

    def visit(number):
        with turns:
            served.append(number)

    visitors = []
    with turns:
        for number in range(20):
            visitors.append(threading.Thread(target=visit, args=(number,)))
            visitors[-1].start()
            while len(turns._waiting) <= number:
                time.sleep(0.001)
    for one in visitors:
        one.join()
    assert served == list(range(20))


def test_a_place_is_given_back_whatever_happens():
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ArithmeticError), turns:
            raise ArithmeticError
    with turns:
        pass
