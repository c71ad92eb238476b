"""The tutorials do what they say: their files are written, their commands are run, the outputs compared.

In a page, `<!-- file: NAME -->` before a code block makes it a file; in a `console` block, lines that begin with `$ `
(and go on with `> `) are commands, the lines below are their output; `<!-- run … -->` holds what a reader does in an
editor; `<!-- stays: PORT -->` before a console block starts a server that goes on listening there.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

FOLDER = Path(__file__).parents[1] / "docs" / "tutorials"
PAGES = sorted(FOLDER.glob("*.md"))
STEP = re.compile(
    r"<!-- file: (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)^```"
    r"|<!-- run\n(?P<run>.*?)-->"
    r"|(?:<!-- stays: (?P<stays>\d+) -->\n)?```console\n(?P<console>.*?)^```",
    re.DOTALL | re.MULTILINE,
)

_PRIVATE = ("GIT_", "PRE_COMMIT", "MA_", "LC_")  # what the machine has set up differently


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def surroundings(folder: Path, lang: str) -> dict[str, str]:
    names = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Mika Tate")
    mails = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "mika.tate@example.com")
    return {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "PRE_COMMIT", "MA_", "LC_"))
        },
        **names,
        **mails,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(folder / ".cache"),
        "LANG": "ja_JP.UTF-8" if lang == "ja" else "en_US.UTF-8",
        "PYTHONUTF8": "1",
    }


def commands(console: str) -> list[tuple[str, str]]:
    """Return each command of a block with the output shown below it."""
    found = []
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        lines = part.split("\n")
        more = next(number for number, line in enumerate([*lines[1:], ""], 1) if not line.startswith("> "))
        command = "\n".join([lines[0], *(line.removeprefix("> ") for line in lines[1:more])])
        found.append((command, "\n".join(lines[more:])))
    return found


def comparable(output: str) -> str:
    """Return an output without what differs from run to run: how long it took, and blanks at the ends of lines."""
    timeless = re.sub(r"\d+(?:\.\d+)? (s|updates/s|MB/s)\b", r"_ \1", output)
    return "\n".join(line.rstrip() for line in timeless.split("\n"))


@contextmanager
def played(page: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Do what a tutorial says, step by step; its servers run until the end. Yields the ports that stand for its own."""
    text = page.read_text(encoding="utf-8")
    env = surroundings(folder, "ja" if page.stem.endswith(".ja") else "en")
    ports = {port: str(free_port()) for port in ("8000", "8080")}
    for port, free in ports.items():
        text = re.sub(rf"\b{port}\b", free, text)
    servers: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for step in STEP.finditer(text):
            if step["name"]:
                (folder / step["name"]).write_text(step["text"], encoding="utf-8")
            elif step["run"]:
                subprocess.run(["bash", "-euc", step["run"]], cwd=folder, env=env, check=True)
            elif step["stays"]:
                [(command, _)] = commands(step["console"])
                port = step["stays"]
                stop(servers.pop(port, None))
                servers[port] = subprocess.Popen(["bash", "-c", command], cwd=folder, env=env)
                wait_for(int(port))
            else:
                for command, shown in commands(step["console"]):
                    done = subprocess.run(
                        ["bash", "-c", command], cwd=folder, env=env, capture_output=True, check=False, timeout=300
                    )
                    assert comparable((done.stdout + done.stderr).decode()) == comparable(shown), command
        yield ports
    finally:
        for server in servers.values():
            stop(server)


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"nobody listens at {port}")


def stop(server: subprocess.Popen[bytes] | None) -> None:
    if server:
        server.terminate()
        server.wait(20)


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "portal"], ids=lambda page: page.stem)
def test_the_tutorial_does_what_it_says(page: Path, tmp_path: Path) -> None:
    with played(page, tmp_path):
        pass


def test_the_form_of_the_portal_tutorial_holds_back_an_incomplete_request(tmp_path: Path, chromium: Browser) -> None:
    with played(FOLDER / "portal.md", tmp_path) as ports:
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{ports['8080']}/form.html")
        page.locator("textarea").fill((tmp_path / "update.txt").read_text(encoding="utf-8"))
        check = page.locator("ma-template-check")
        expect(check).to_contain_text("the requester's phone number is missing", ignore_case=True)
        page.get_by_role("button", name="Post").click()
        expect(check).to_be_visible()
        assert page.url.endswith("/form.html")
        page.get_by_role("button", name="Mend").click()
        expect(page.locator("textarea")).to_have_value(re.compile(r"^\*{19} Request Management Attention \*{19}\n"))
        mended = page.locator("textarea").input_value().replace("@example.com", "@example.com, +1 415 555 0142")
        page.locator("textarea").fill(mended)
        page.get_by_role("button", name="Post").click()
        page.wait_for_url(re.compile(r"form\.html\?update="))
        page.close()
