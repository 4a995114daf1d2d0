"""Calls that must not appear in the program, found in its own source.

A second way to load a model, a shell, an unsafe extraction or a connection nobody asked for cannot
be merged unseen. Each rule is shown to find what it is for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(ROOT / "petstudio").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")])

UNPICKLERS = {"pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml", "jsonpickle"}
PICKLE_ERRORS = {"pickle.UnpicklingError", "pickle.PicklingError"}
NETWORK = {"ftplib", "http.client", "http.server", "requests", "smtplib", "socketserver"}
NETWORK |= {"telnetlib", "urllib.request", "urllib3", "httpx", "xmlrpc", "webbrowser"}
SOCKETS = {"socket.socket", "socket.create_connection", "socket.create_server"}
BANNED_CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen", "tempfile.mktemp"),
    *("torch.jit.load", "torch.export.load", "torch.hub.load", "torch.package.PackageImporter"),
    *("torch.distributed.checkpoint.load", "torch.hub.load_state_dict_from_url"),
}
BANNED_METHODS = {"extractall", "processEvents", "load_module"}

IMAGE_OPENER = "petstudio/images/decoding.py"
DOWNLOADER = "petstudio/jobs/file_requests.py"
PICKLE_ERROR_READER = "petstudio/engine/unpickling.py"
# Between the window and its own engine process; no file and no network comes this way.
PIPE = "petstudio/jobs/engine_wire.py"
WINDOW = ("petstudio/app.py", "petstudio/bridge/", "petstudio/ui/")
# Where even SystemExit of foreign code must not get through: the plugin boundary.
CATCHES_ALL: tuple[str, ...] = ("petstudio/plugin_host/",)


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for such an expression, and nothing for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def imported(node: ast.AST) -> set[str]:
    """Return full names of what a statement imports, modules and what is taken out of them."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()


def keyword_is(call: ast.Call, name: str, value: object) -> bool:
    return any(
        word.arg == name and isinstance(word.value, ast.Constant) and word.value.value is value
        for word in call.keywords
    )


def findings(tree: ast.AST, place: str) -> Iterator[str]:
    for node in ast.walk(tree):
        where = f"{place}:{getattr(node, 'lineno', 0)}"
        for problem in (*import_problems(node, place), *use_problems(node, place)):
            yield f"{where} {problem}"


def import_problems(node: ast.AST, place: str) -> Iterator[str]:
    for name in imported(node):
        if name.partition(".")[0] in UNPICKLERS and place not in {PICKLE_ERROR_READER, PIPE}:
            yield f"imports {name}"
        if any(f"{name}.".startswith(f"{module}.") for module in NETWORK) and place != DOWNLOADER:
            yield f"imports {name}"
        if name in BANNED_CALLS | SOCKETS | {"torch.load", "PIL.Image.open"}:
            yield f"takes {name} out of its module"


def use_problems(node: ast.AST, place: str) -> Iterator[str]:
    if isinstance(node, ast.ExceptHandler):
        yield from handler_problems(node, place)
    if isinstance(node, ast.Attribute):
        name = dotted(node)
        is_pickling = name.partition(".")[0] in UNPICKLERS and name not in PICKLE_ERRORS
        if is_pickling and place != PIPE:
            yield f"uses {name}"
        if name in SOCKETS or node.attr in BANNED_METHODS:
            yield f"uses {name or node.attr}"
        if name.endswith("Image.open") and place != IMAGE_OPENER:
            yield "opens an image by itself"
        if node.attr == "terminate" and place.startswith(WINDOW):
            yield "terminates a thread"
    if isinstance(node, ast.Call):
        yield from call_problems(node)


def call_problems(call: ast.Call) -> Iterator[str]:
    name = dotted(call.func)
    if name in BANNED_CALLS:
        yield f"calls {name}"
    if name == "torch.load" and not keyword_is(call, "weights_only", True):
        yield "loads without weights_only=True"
    if keyword_is(call, "shell", True):
        yield "starts a shell"
    if keyword_is(call, "allow_pickle", True):
        yield "allows pickles"


def handler_problems(handler: ast.ExceptHandler, place: str) -> Iterator[str]:
    if handler.type is None:
        yield "catches everything with a bare except"
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    caught = {dotted(kind) for kind in kinds if kind is not None}
    if "BaseException" in caught and not place.startswith(CATCHES_ALL):
        yield "catches BaseException"


def place_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.AST]:
    return {place_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def test_that_the_program_makes_no_banned_call(trees: dict[str, ast.AST]) -> None:
    found = [problem for place, tree in trees.items() for problem in findings(tree, place)]
    assert found == []


def test_that_models_are_unpacked_in_one_place_at_most(trees: dict[str, ast.AST]) -> None:
    calls = [
        place
        for place, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and dotted(node.func) == "torch.load"
    ]
    assert len(calls) <= 1


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib",
        "pickle.loads(data)",
        "eval(text)",
        "exec(text)",
        "os.system('ls')",
        "from os import system",
        "subprocess.run(line, shell=True)",
        "archive.extractall(folder)",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "torch.load(path, weights_only=chosen)",
        "from torch import load",
        "torch.jit.load(path)",
        "torch.export.load(path)",
        "torch.hub.load(name)",
        "numpy.load(path, allow_pickle=True)",
        "Image.open(path)",
        "PIL.Image.open(path)",
        "from PIL.Image import open",
        "application.processEvents()",
        "thread.terminate()",
        "stop = thread.terminate",
        "import urllib.request",
        "from urllib import request",
        "import http.client",
        "import requests",
        "socket.create_connection(place)",
        "try:\n    f()\nexcept:\n    pass",
        "try:\n    f()\nexcept BaseException:\n    pass",
        "try:\n    f()\nexcept (OSError, BaseException):\n    pass",
    ],
)
def test_that_a_banned_line_is_found(line: str) -> None:
    assert list(findings(ast.parse(line), "petstudio/ui/page.py"))


@pytest.mark.parametrize(
    "line",
    [
        "torch.load(path, map_location='cpu', weights_only=True, mmap=False)",
        "numpy.load(path, allow_pickle=False)",
        "from urllib.parse import quote",
        "re.compile(pattern)",
        "process.terminate()",
        "socket.gethostname()",
        "try:\n    f()\nexcept Exception:\n    pass",
    ],
)
def test_that_a_harmless_line_is_not_found(line: str) -> None:
    assert list(findings(ast.parse(line), "petstudio/images/page.py")) == []
