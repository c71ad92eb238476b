"""How much work a regular expression can be made to do: hostile texts made of its own parse tree, and steps counted.

`re` matches by backtracking and counts nothing, so `Counted` walks the same parse tree in the same order and counts
every character that is looked at. `worst_texts` looks for texts that make it look often: a word that a repeat takes,
and that also leads from the pattern's beginning (or from another repeat) into that repeat, can be divided between the
two in as many ways as it is repeated, and all are tried before the match fails (the ambiguity of Weber and Seidl: On
the degree of ambiguity of finite automata, 1991). The words propose; the counts judge.
"""

from __future__ import annotations

import re
import re._compiler as _compiler  # type: ignore[import-not-found]
import re._constants as op  # type: ignore[import-not-found]
import re._parser as _parser  # type: ignore[import-not-found]
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Literal, NamedTuple

Mode = Literal["search", "match", "fullmatch"]

_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_ATOMS = (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY)
_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.ASCII


class TooMuchError(Exception):
    """The steps that were allowed are used up."""


# ---------------------------------------------------------------------------------------------------------------------
# Single characters


_known: dict[tuple[bool, int, str], Callable[[str], bool]] = {}


def _takes(raw: bool, flags: int, item: tuple[Any, Any]) -> Callable[[str], bool]:
    """Return whether a character is taken by one atom of a pattern, as `re` says; the same function each time."""
    key = raw, flags & _FLAGS, repr(item)
    if key not in _known:
        tree = _parser.parse(b"" if raw else "", flags & _FLAGS)
        tree.data = [item]
        single = _compiler.compile(tree, flags & _FLAGS)
        _known[key] = cache(
            lambda char: single.fullmatch(char.encode("latin-1", "replace") if raw else char) is not None
        )
    return _known[key]


# ---------------------------------------------------------------------------------------------------------------------
# Steps counted


class Counted:
    """A pattern that is matched as `re` matches, and counts the characters that it looks at."""

    def __init__(self, source: str | bytes, flags: int = 0) -> None:
        tree = _parser.parse(source, flags)
        self.raw = isinstance(source, bytes)
        self.groups: dict[int, tuple[int, int]] = {}
        self.text = ""
        self.steps = 0
        self.most = sys.maxsize
        self._match = self._sequence(list(tree), tree.state.flags)

    def spans(self, text: str, mode: Mode, most: int = sys.maxsize) -> list[tuple[int, int]]:
        """Return the places of all matches, as `finditer` does for "search"; `steps` says what it took.

        Raises TooMuchError when it takes more than `most` steps.
        """
        self.text, self.steps, self.most = text, 0, most
        found: list[tuple[int, int]] = []
        at, advance = 0, False  # behind an empty match, one that is not empty is looked for at the same place
        while at <= len(text):
            self.groups.clear()

            def end(i: int, at: int = at, advance: bool = advance) -> int | None:
                return None if (mode == "fullmatch" and i < len(text)) or (advance and i == at) else i

            stop = self._match(at, end)
            if stop is not None:
                found.append((at, stop))
            if mode != "search":
                break
            at, advance = (at + 1, False) if stop is None else (stop, stop == at)
        return found

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooMuchError

    def _sequence(self, items: list[Any], flags: int) -> Any:
        parts = [self._item(item, flags) for item in items]
        if not parts:
            return lambda i, k: k(i)
        if len(parts) == 1:
            return parts[0]

        def at(number: int) -> Any:
            if number == len(parts) - 1:
                return parts[number]
            part, rest = parts[number], at(number + 1)
            return lambda i, k: part(i, lambda j: rest(j, k))

        return at(0)

    def _item(self, item: tuple[Any, Any], flags: int) -> Any:
        code, value = item
        if code in _ATOMS:
            return self._atom(_takes(self.raw, flags, item))
        if code is op.BRANCH:
            heads = [self._head(list(choice), flags) for choice in value[1]]
            return self._branch([self._sequence(list(choice), flags) for choice in value[1]], heads)
        if code is op.SUBPATTERN:
            group, add, remove, body = value
            return self._group(group, self._sequence(list(body), (flags | add) & ~remove))
        if code in _REPEATS:
            low, high, body = value
            inner = list(body)
            if code is op.POSSESSIVE_REPEAT:
                return self._alone(self._repeat(low, high, inner, flags, greedy=True))
            return self._repeat(low, high, inner, flags, greedy=code is op.MAX_REPEAT)
        if code is op.ATOMIC_GROUP:
            return self._alone(self._sequence(list(value), flags))
        if code in (op.ASSERT, op.ASSERT_NOT):
            return self._look(value[0], list(value[1]), flags, wanted=code is op.ASSERT)
        if code is op.AT:
            return self._place(value, flags)
        if code is op.GROUPREF:
            return self._again(value)
        if code is op.FAILURE:
            return lambda i, k: None
        raise NotImplementedError(code)

    def _atom(self, takes: Callable[[str], bool]) -> Any:
        def match(i: int, k: Any) -> Any:
            self._step()
            return k(i + 1) if i < len(self.text) and takes(self.text[i]) else None

        return match

    def _head(self, items: list[Any], flags: int) -> Callable[[str], bool] | None:
        """Return what the first character of a choice has to be, if it begins with one."""
        if not items:
            return None
        code, value = items[0]
        if code in _ATOMS:
            return _takes(self.raw, flags, items[0])
        if code is op.SUBPATTERN and not value[1] and not value[2]:
            return self._head(list(value[3]), flags)
        if code in _REPEATS and value[0]:
            return self._head(list(value[2]), flags)
        return None

    def _branch(self, choices: list[Any], heads: list[Callable[[str], bool] | None]) -> Any:
        """Like `re`, go only into choices that begin with the character that stands there: one step for all others."""
        by_char: dict[str, list[Any]] = {}

        def match(i: int, k: Any) -> Any:
            self._step()
            char = self.text[i : i + 1]
            if char not in by_char:
                pairs = zip(choices, heads, strict=True)
                by_char[char] = [choice for choice, head in pairs if head is None or (char and head(char))]
            for choice in by_char[char]:
                stop = choice(i, k)
                if stop is not None:
                    return stop
            return None

        return match

    def _group(self, group: int | None, body: Any) -> Any:
        if group is None:
            return body

        def match(i: int, k: Any) -> Any:
            def done(j: int) -> Any:
                before = self.groups.get(group)
                self.groups[group] = i, j
                stop = k(j)
                if stop is None:
                    if before is None:
                        del self.groups[group]
                    else:
                        self.groups[group] = before
                return stop

            return body(i, done)

        return match

    def _alone(self, body: Any) -> Any:
        def match(i: int, k: Any) -> Any:
            stop = body(i, lambda j: j)
            return None if stop is None else k(stop)

        return match

    def _repeat(self, low: int, high: int, inner: list[Any], flags: int, *, greedy: bool) -> Any:
        if len(inner) == 1 and inner[0][0] in _ATOMS:
            return self._run(low, high, _takes(self.raw, flags, inner[0]), greedy)
        body = self._sequence(inner, flags)

        def match(i: int, k: Any) -> Any:
            def more(count: int, at: int, last: int) -> Any:
                def again() -> Any:
                    if count < high and not (count >= low and at == last):  # an empty round is the last
                        return body(at, lambda j: more(count + 1, j, at))
                    return None

                if count < low:
                    return body(at, lambda j: more(count + 1, j, at))
                if greedy:
                    stop = again()
                    return k(at) if stop is None else stop
                stop = k(at)
                return again() if stop is None else stop

            return more(0, i, -1)

        return match

    def _run(self, low: int, high: int, takes: Callable[[str], bool], greedy: bool) -> Any:
        def match(i: int, k: Any) -> Any:
            at, most = i, min(len(self.text), i + high)
            need = most if greedy else i + low
            while at < need and at < most:
                self._step()
                if not takes(self.text[at]):
                    break
                at += 1
            if at - i < low:
                return None
            if greedy:
                for stop in range(at, i + low - 1, -1):
                    self._step()
                    found = k(stop)
                    if found is not None:
                        return found
                return None
            while True:
                found = k(at)
                if found is not None:
                    return found
                self._step()
                if at >= most or not takes(self.text[at]):
                    return None
                at += 1

        return match

    def _look(self, direction: int, inner: list[Any], flags: int, *, wanted: bool) -> Any:
        body = self._sequence(inner, flags)
        width = 0 if direction > 0 else _width(inner)

        def match(i: int, k: Any) -> Any:
            saved = dict(self.groups)
            there = i >= width and body(i - width, lambda j: j) is not None
            if not (there and wanted):
                self.groups.clear()
                self.groups.update(saved)
            return k(i) if there == wanted else None

        return match

    def _place(self, value: Any, flags: int) -> Any:
        word = re.compile(r"\w", flags & re.ASCII)
        only_ascii = self.raw or flags & re.ASCII

        def is_word(i: int) -> bool:
            if not 0 <= i < len(self.text):
                return False
            return word.fullmatch(self.text[i]) is not None and (not only_ascii or self.text[i].isascii())

        def here(i: int) -> bool:
            text = self.text
            if value is op.AT_BEGINNING_STRING:
                return i == 0
            if value is op.AT_BEGINNING:
                return i == 0 or bool(flags & re.MULTILINE and text[i - 1] == "\n")
            if value is op.AT_END_STRING:
                return i == len(text)
            if value is op.AT_END:
                before_last = i == len(text) - 1 and text[i] == "\n"
                return i == len(text) or before_last or bool(flags & re.MULTILINE and text[i] == "\n")
            return (is_word(i - 1) != is_word(i)) == (value is op.AT_BOUNDARY)

        def match(i: int, k: Any) -> Any:
            self._step()
            return k(i) if here(i) else None

        return match

    def _again(self, group: int) -> Any:
        def match(i: int, k: Any) -> Any:
            if group not in self.groups:
                return None
            start, end = self.groups[group]
            self.steps += end - start
            return k(i + end - start) if self.text.startswith(self.text[start:end], i) else None

        return match


def _width(items: list[Any]) -> int:
    tree = _parser.SubPattern(_parser.State(), items)
    low, high = tree.getwidth()
    assert low == high
    return int(low)


# ---------------------------------------------------------------------------------------------------------------------
# Hostile texts

# What stands for all characters, beside those that a pattern names.
_COMMON = [*map(chr, range(128)), *"\xa0\u3000\u200béßſİſのアー日１Ａ。、（😀\u0660"]
_MOST_COPIES = 12  # of what has to be repeated so often
_MOST_PAIRS = 150  # of repeats that are looked at together
_MOST_LOOKED_AT = 10_000  # combinations of places in a pattern


class Hostile(NamedTuple):
    """A text that may take long: `before`, then `pump` as often as wanted, then `behind`."""

    before: str
    pump: str
    behind: str

    def text(self, size: int) -> str:
        """Return it with about that many characters."""
        return self.before + self.pump * (size // len(self.pump)) + self.behind


class _Places:
    """The places of a pattern at which a character is read, and which follows which (Glushkov's automaton).

    What repeats more than a few times is a loop, whatever its bound. Conditions on places are taken to hold; what a
    look ahead looks at is read, and leads nowhere.
    """

    def __init__(self, source: str | bytes, flags: int) -> None:
        tree = _parser.parse(source, flags)
        self.raw = isinstance(source, bytes)
        self.takes: list[Callable[[str], bool]] = []
        self.follow: list[dict[int, int]] = []  # how many ways lead there: more than one is ambiguous in itself
        self.named: set[str] = set()
        self.looked_for: list[str] = []  # examples
        self.bounds = [1]
        _, self.first, _ = self._sequence(list(tree), tree.state.flags)
        chars = sorted(self.named | set(_COMMON)) if not self.raw else [chr(code) for code in range(256)]
        kinds: dict[tuple[bool, ...], str] = {}
        shown = sorted(chars, key=lambda char: (char not in " a1-.", not char.isprintable(), char))
        distinct = list(dict.fromkeys(self.takes))
        for char in shown:
            kinds.setdefault(tuple(takes(char) for takes in distinct), char)
        self.chars = list(kinds.values())
        masks = {
            takes: sum(1 << bit for bit, signature in enumerate(kinds) if signature[number])
            for number, takes in enumerate(distinct)
        }
        self.mask = [masks[takes] for takes in self.takes]

    def _sequence(self, items: list[Any], flags: int) -> tuple[bool, set[int], set[int]]:
        nullable, first, last = True, set[int](), set[int]()
        for item in items:
            empty, begins, ends = self._item(item, flags)
            self._join(last, begins)
            if nullable:
                first |= begins
            nullable &= empty
            last = last | ends if empty else ends
        return nullable, first, last

    def _join(self, ends: set[int], begins: set[int]) -> None:
        for one in ends:
            for other in begins:
                self.follow[one][other] = self.follow[one].get(other, 0) + 1

    def _item(self, item: tuple[Any, Any], flags: int) -> tuple[bool, set[int], set[int]]:
        code, value = item
        if code in _ATOMS:
            self._note(item)
            return self._place(_takes(self.raw, flags, item))
        if code is op.BRANCH:
            parts = [self._sequence(list(choice), flags) for choice in value[1]]
            return any(part[0] for part in parts), _union(part[1] for part in parts), _union(part[2] for part in parts)
        if code is op.SUBPATTERN:
            _, add, remove, body = value
            return self._sequence(list(body), (flags | add) & ~remove)
        if code in _REPEATS:
            return self._repeat(value[0], value[1], list(value[2]), flags)
        if code is op.ATOMIC_GROUP:
            return self._sequence(list(value), flags)
        if code in (op.ASSERT, op.ASSERT_NOT) and value[0] > 0:
            self.looked_for.append(_example(list(value[1])))
            return True, self._sequence(list(value[1]), flags)[1], set()
        if code is op.GROUPREF:
            return self._place(_takes(self.raw, flags | re.DOTALL, (op.ANY, None)))
        return True, set(), set()

    def _place(self, takes: Callable[[str], bool]) -> tuple[bool, set[int], set[int]]:
        self.takes.append(takes)
        self.follow.append({})
        return False, {len(self.takes) - 1}, {len(self.takes) - 1}

    def _note(self, item: tuple[Any, Any]) -> None:
        code, value = item
        if code in (op.LITERAL, op.NOT_LITERAL):
            self._around(value, value)
        elif code is op.IN:
            for inner, what in value:
                if inner is op.LITERAL:
                    self._around(what, what)
                elif inner is op.RANGE:
                    self._around(*what)

    def _around(self, low: int, high: int) -> None:
        self.named.update(chr(code) for code in (low - 1, low, high, high + 1) if 0 <= code <= sys.maxunicode)

    def _repeat(self, low: int, high: int, body: list[Any], flags: int) -> tuple[bool, set[int], set[int]]:
        nullable, first, last = True, set[int](), set[int]()
        loops = high > low + 3
        if high < 10_000:
            self.bounds.append(int(high))
        copies = min(low, _MOST_COPIES) if loops else min(high, _MOST_COPIES)
        for number in range(max(1, copies)):
            empty, begins, ends = self._sequence(body, flags)
            empty = empty or number >= low
            self._join(last, begins)
            if nullable:
                first |= begins
            nullable &= empty
            last = last | ends if empty else ends
        if loops:
            self._join(ends, begins)
        return nullable, first, last

    def looping(self) -> list[list[int]]:
        """Return the sets of places from each of which each can be reached again."""
        index: dict[int, int] = {}
        low: dict[int, int] = {}
        stack: list[int] = []
        on: set[int] = set()
        found = []
        for root in range(len(self.follow)):
            if root in index:
                continue
            work = [(root, iter(self.follow[root]))]
            index[root] = low[root] = len(index)
            stack.append(root)
            on.add(root)
            while work:
                place, rest = work[-1]
                for following in rest:
                    if following not in index:
                        index[following] = low[following] = len(index)
                        stack.append(following)
                        on.add(following)
                        work.append((following, iter(self.follow[following])))
                        break
                    if following in on:
                        low[place] = min(low[place], index[following])
                else:
                    work.pop()
                    if work:
                        low[work[-1][0]] = min(low[work[-1][0]], low[place])
                    if low[place] == index[place]:
                        component = []
                        while True:
                            one = stack.pop()
                            on.discard(one)
                            component.append(one)
                            if one == place:
                                break
                        if len(component) > 1 or place in self.follow[place]:
                            found.append(sorted(component))
        return found

    def word(self, starts: tuple[int, ...], goal: tuple[int, ...], first: int = -1) -> str | None:
        """Return the shortest word that leads several readers, side by side, from their places to their goals.

        -1 is the place before the pattern, where a search stands as long as it likes. `first` is the character (its
        number) that the word has to begin with.
        """
        before: dict[tuple[int, ...], tuple[tuple[int, ...] | None, int]] = {starts: (None, 0)}
        queue = deque([starts])
        looked = 0
        while queue and looked < _MOST_LOOKED_AT:
            at = queue.popleft()
            mask = 1 << first if first >= 0 and at == starts else -1
            for following, left in self._steps(at, mask):
                looked += 1
                if following == goal:
                    letters = [left]
                    back: tuple[int, ...] | None = at
                    while back is not None and before[back][0] is not None:
                        letters.append(before[back][1])
                        back = before[back][0]
                    return "".join(self.chars[(mask & -mask).bit_length() - 1] for mask in reversed(letters))
                if following not in before:
                    before[following] = at, left
                    queue.append(following)
        return None

    def _steps(self, at: tuple[int, ...], mask: int) -> Iterator[tuple[tuple[int, ...], int]]:
        found: list[tuple[tuple[int, ...], int]] = [((), mask & ((1 << len(self.chars)) - 1))]
        for place in at:
            ways = [*self.first, -1] if place == -1 else [*self.follow[place]]
            found = [
                ((*so_far, way), both)
                for so_far, left in found
                for way in ways
                if (both := left if way == -1 else left & self.mask[way])
            ]
        yield from found

    def stop(self, places: Iterable[int]) -> str:
        """Return a character that none of these places takes, and is not the end of a line if there is another."""
        taken = 0
        for place in places:
            taken |= self.mask[place]
        free = [char for number, char in enumerate(self.chars) if not taken >> number & 1]
        return next((char for char in free if char not in "\r\n"), free[0] if free else "")


def _example(items: list[Any]) -> str:
    """Return a short text that these take, as far as it is plain to see."""
    made = ""
    for code, value in items:
        if code is op.LITERAL:
            made += chr(value)
        elif code is op.IN and value[0][0] in (op.LITERAL, op.RANGE):
            made += chr(value[0][1] if value[0][0] is op.LITERAL else value[0][1][0])
        elif code is op.BRANCH:
            made += _example(list(value[1][0]))
        elif code is op.SUBPATTERN:
            made += _example(list(value[3]))
        elif code in _REPEATS:
            made += _example(list(value[2])) * min(value[0], 3)
    return made


def _union(sets: Any) -> set[int]:
    return set().union(*sets)


def worst_texts(source: str | bytes, flags: int = 0) -> tuple[list[Hostile], int]:
    """Return texts that may take a pattern long, and the length from which on no bound of a repeat matters."""
    places = _Places(source, flags)
    found: dict[tuple[str, str], list[str]] = {}

    def add(place: int, pump: str | None) -> None:
        if not pump:
            return
        before = "" if place in places.first else (places.word((-1,), (place,)) or "")
        stops = found.setdefault((before, pump), [""])
        stops.append(places.stop(places.follow[place]))  # nothing goes on
        if places.looked_for:  # the repeat ends, and a look ahead finds what it looks for
            outside = places.stop(component.get(place, ()))
            stops += [outside + example for example in places.looked_for[:3]]

    loops = places.looping()
    component = {place: loop for loop in loops for place in loop}
    heads = []
    for loop in loops:
        inside = set(loop)
        reached = {
            after for before, following in enumerate(places.follow) if before not in inside for after in following
        }
        entered = [place for place in loop if place in reached or place in places.first]
        some = list(dict.fromkeys([*entered[:4], *loop[:4], *loop[-2:]]))
        heads.append(some)
        for place in some[:2]:
            bits = [bit for bit in range(len(places.chars)) if places.mask[place] >> bit & 1]
            for bit in [-1, *bits[:2], *bits[-1:]]:
                add(place, places.word((place,), (place,), bit))
                add(place, places.word((-1, place), (place, place), bit))
        for place in loop:  # two ways from one to the next: `(a*)*`
            for following, ways in places.follow[place].items():
                if ways > 1 and following in inside:
                    add(following, places.word((following,), (following,)))
    pairs = [(p, q) for one in heads for other in heads for p in one for q in other if p != q]
    for p, q in pairs[:_MOST_PAIRS]:
        add(q, places.word((p, p, q), (p, q, q)))
    if not loops:  # nothing repeats: what comes nearest to a match, again and again
        for place in range(0, len(places.follow), max(1, len(places.follow) // 3)):
            add(place, places.word((-1,), (place,)))
    texts = [Hostile(before, pump, stop) for (before, pump), stops in found.items() for stop in dict.fromkeys(stops)]
    return texts, sum(sorted(places.bounds)[-3:])


class Growth(NamedTuple):
    """What a text costs: steps a character when it is short, and when it is four times as long."""

    text: Hostile
    short: float
    long: float

    @property
    def linear(self) -> bool:
        return self.long <= min(1.25 * self.short + 3, MOST_STEPS)


def growth(source: str | bytes, flags: int = 0, mode: Mode = "search") -> Growth | None:
    """Return the hostile text that costs most, in steps a character; None for a pattern that reads nothing.

    A text that seems to cost more the longer it is, is tried once more so long that no bound of a repeat matters.
    """
    texts, bounds = worst_texts(source, flags)
    size = max(60, min(2 * bounds, 400))
    counted = Counted(source, flags)
    worst: Growth | None = None
    for hostile in texts:
        long = _cost(counted, hostile.text(4 * size), mode)
        short = long if long < _FEW else _cost(counted, hostile.text(size), mode)
        found = Growth(hostile, short, long)
        if not found.linear and bounds > 1 and long <= MOST_STEPS:
            found = Growth(hostile, long, _cost(counted, hostile.text(16 * size), mode))
        if worst is None or (not found.linear, found.long) > (not worst.linear, worst.long):
            worst = found
        if not worst.linear:
            break
    return worst


def _cost(counted: Counted, text: str, mode: Mode) -> float:
    try:
        counted.spans(text, mode, MOST_STEPS * len(text))
    except (TooMuchError, RecursionError):
        return float("inf")
    return counted.steps / max(1, len(text))


_FEW = 12  # steps a character that no text of this length can cost whose cost grows with its square
MOST_STEPS = 600
"""Steps a character at which a text is given up: no pattern may take so many."""
