"""Pieces of an answer leave together, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ma_template.portal.protocol import HELD_BYTES, Together


class Wire:
    """Stands for the transport below: keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def close(self) -> None:
        self.sent.append(b"closed")

    def is_closing(self) -> bool:
        return self.sent[-1:] == [b"closed"]


def sent(*turns: Callable[[Together], None]) -> list[bytes]:
    """Return what is sent when this is done, one a turn of the loop."""

    async def play() -> list[bytes]:
        wire = Wire()
        together = Together(wire, asyncio.get_running_loop())
        for turn in turns:
            turn(together)
            await asyncio.sleep(0)
        assert together.is_closing() == wire.is_closing()
        return wire.sent

    return asyncio.run(play())


def test_pieces_of_a_turn_leave_together() -> None:
    def head_and_body(wire: Together) -> None:
        wire.write(b"head ")
        wire.write(b"body")

    assert sent(head_and_body, lambda wire: wire.write(b"more"), head_and_body) == [b"head body", b"more", b"head body"]


def test_what_is_held_leaves_before_the_end() -> None:
    def last(wire: Together) -> None:
        wire.write(b"head ")
        wire.write(b"body")
        wire.close()

    assert sent(last) == [b"head body", b"closed"]
    assert sent(lambda wire: wire.close()) == [b"closed"]


def test_much_is_not_held() -> None:
    large = b"x" * HELD_BYTES

    def three(wire: Together) -> None:
        wire.write(b"head ")
        wire.write(large)
        wire.write(b"rest")

    assert sent(three) == [b"head " + large, b"rest"]
