"""What the image is made of is there: no container is built by the tests."""

from __future__ import annotations

import json
import re
import shlex
from configparser import ConfigParser

import pytest
from conftest import ROOT

IMAGE = (ROOT / "Dockerfile").read_text("utf-8")


def test_what_is_copied_into_the_image_exists_and_is_not_ignored() -> None:
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+)$", IMAGE, re.MULTILINE) for name in line.split()[:-1]]
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").split("\n") if line.startswith("!")}
    assert {*copied} == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_has_extras_that_there_are_and_ends_without_a_compiler_and_without_root() -> None:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", "utf-8")
    (extras,) = re.findall(r"'\.\[(.+)\]'", IMAGE)
    assert {*extras.split(",")} <= {*settings["options.extras_require"]}
    last = IMAGE.rpartition("\nFROM ")[2]
    assert "apt-get" not in last
    assert re.search(r"^USER [1-9]\d+$", last, re.MULTILINE)


def test_the_image_starts_with_options_that_there_are() -> None:
    pytest.importorskip("starlette")
    from dedup.cli.serve import serve

    begins, usual = (json.loads(re.findall(rf"^{word} (.+)$", IMAGE, re.MULTILINE)[-1]) for word in ("ENTRYPOINT", "CMD"))
    composed = re.findall(r"^    command: (.+)$", (ROOT / "compose.yaml").read_text("utf-8"), re.MULTILINE)
    assert begins[:2] == shlex.split("dedup serve")
    for options in (usual, *map(json.loads, composed)):
        serve.make_context("serve", [*begins[2:], *options])
