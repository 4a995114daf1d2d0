"""Calls that must not appear in the program, found in its own source.

A second way to load a model, a shell, an unsafe extraction or a connection nobody asked for cannot
be merged unseen. Each rule is shown to find what it is for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
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
    *("builtins.eval", "builtins.exec", "builtins.compile", "builtins.__import__"),
    *("subprocess.getoutput", "subprocess.getstatusoutput", "shutil.unpack_archive"),
    *("torch.jit.load", "torch.export.load", "torch.hub.load", "torch.package.PackageImporter"),
    *("torch.distributed.checkpoint.load", "torch.hub.load_state_dict_from_url"),
    *("torch.serialization.load", "torch.storage._load_from_bytes", "torch.classes.load_library"),
    *("torch.ops.load_library", "torch.serialization.add_safe_globals", "pandas.read_pickle"),
}
# Reads what an exporter has just written, to compare it; no file of others comes this way.
ALLOWED = {"plugins/torchscript_export/loading.py": {"torch.jit.load"}}
# Whole modules whose loading functions run what a file says.
BANNED_MODULES = {"torch.distributed.checkpoint", "torch.package", "torch.hub", "torch.export"}
BANNED_METHODS = {"extractall", "processEvents", "load_module"}
# Keywords that may be the harmless literal only, whatever function they are given to.
LITERAL_KEYWORDS = {
    "shell": (False, "starts a shell"),
    "allow_pickle": (False, "allows pickles"),
    "weights_only": (True, "loads without weights_only=True"),
}

IMAGE_OPENER = "petstudio/images/decoding.py"
DOWNLOADER = "petstudio/jobs/file_requests.py"
UNPICKLER = "petstudio/engine/unpickling.py"
# Between the window and its own engine process; no file and no network comes this way.
PIPE = "petstudio/jobs/engine_wire.py"
WINDOW = ("petstudio/app.py", "petstudio/bridge/", "petstudio/ui/")
# Where even SystemExit of foreign code must not get through: the plugin boundary.
CATCHES_ALL: tuple[str, ...] = ("petstudio/plugin_host/",)


Aliases = Mapping[str, str]


def dotted(node: ast.AST, aliases: Aliases) -> str:
    """Return `a.b.c` for such an expression, by its full name where it was imported."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value, aliases)}.{node.attr}"
    return ""


def aliases_in(tree: ast.AST) -> Aliases:
    """Return the full names of what a file has imported under names of its own."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
    return found


def imported(node: ast.AST) -> set[str]:
    """Return full names of what a statement imports, modules and what is taken out of them."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()


def findings(tree: ast.AST, place: str) -> Iterator[str]:
    aliases = aliases_in(tree)
    for node in ast.walk(tree):
        where = f"{place}:{getattr(node, 'lineno', 0)}"
        for problem in (*import_problems(node, place), *use_problems(node, place, aliases)):
            yield f"{where} {problem}"


def import_problems(node: ast.AST, place: str) -> Iterator[str]:
    for name in imported(node):
        if name.partition(".")[0] in UNPICKLERS and place not in {UNPICKLER, PIPE}:
            yield f"imports {name}"
        if is_in(name, NETWORK) and place != DOWNLOADER:
            yield f"imports {name}"
        if is_in(name, BANNED_MODULES):
            yield f"imports {name}"
        if name in BANNED_CALLS | SOCKETS | {"torch.load", "PIL.Image.open"}:
            yield f"takes {name} out of its module"


def is_in(name: str, modules: set[str]) -> bool:
    return any(f"{name}.".startswith(f"{module}.") for module in modules)


def use_problems(node: ast.AST, place: str, aliases: Aliases) -> Iterator[str]:
    if isinstance(node, ast.ExceptHandler):
        yield from handler_problems(node, place, aliases)
    if isinstance(node, ast.Name | ast.Attribute):
        yield from name_problems(dotted(node, aliases), place)
    if isinstance(node, ast.Attribute):
        if node.attr in BANNED_METHODS:
            yield f"uses {node.attr}"
        if node.attr == "terminate" and place.startswith(WINDOW):
            yield "terminates a thread"
    if isinstance(node, ast.Call):
        yield from call_problems(node, place, aliases)


def name_problems(name: str, place: str) -> Iterator[str]:
    module, _, inside = name.partition(".")
    is_pickling = module in UNPICKLERS and inside and name not in PICKLE_ERRORS
    if is_pickling and place != PIPE:
        yield f"uses {name}"
    if name in SOCKETS | BANNED_CALLS - {"compile"} - ALLOWED.get(place, set()):
        yield f"uses {name}"
    if name == "torch.load" and place != UNPICKLER:
        yield "loads in a second place"
    if name.endswith("Image.open") and place != IMAGE_OPENER:
        yield "opens an image by itself"


def call_problems(call: ast.Call, place: str, aliases: Aliases) -> Iterator[str]:
    name = dotted(call.func, aliases)
    if name in BANNED_CALLS - ALLOWED.get(place, set()):
        yield f"calls {name}"
    given = {word.arg: word.value for word in call.keywords}
    if name == "torch.load" and "weights_only" not in given:
        yield "loads without weights_only=True"
    if name == "numpy.load" and len(call.args) > 2:
        yield "allows pickles"
    for word, (harmless, problem) in LITERAL_KEYWORDS.items():
        if word in given and not is_literal(given[word], harmless):
            yield problem
    if None in given and name in {"torch.load", "numpy.load"}:
        yield "loads as somebody else says"
    caught = {dotted(argument, aliases) for argument in call.args}
    if name == "contextlib.suppress" and "BaseException" in caught and is_inside(place):
        yield "suppresses BaseException"


def is_literal(value: ast.expr, wanted: bool) -> bool:
    return isinstance(value, ast.Constant) and value.value is wanted


def is_inside(place: str) -> bool:
    """Say whether a file is none of the boundaries where all is caught."""
    return not place.startswith(CATCHES_ALL)


def handler_problems(handler: ast.ExceptHandler, place: str, aliases: Aliases) -> Iterator[str]:
    if handler.type is None:
        yield "catches everything with a bare except"
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    caught = {dotted(kind, aliases) for kind in kinds if kind is not None}
    if "BaseException" in caught and is_inside(place):
        yield "catches BaseException"


def place_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.AST]:
    return {place_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def test_that_the_program_makes_no_banned_call(trees: dict[str, ast.AST]) -> None:
    found = [problem for place, tree in trees.items() for problem in findings(tree, place)]
    assert found == []


def test_that_models_are_unpacked_by_one_call(trees: dict[str, ast.AST]) -> None:
    calls = []
    for place, tree in trees.items():
        aliases = aliases_in(tree)
        functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        calls += [place for function in functions if dotted(function, aliases) == "torch.load"]
    assert calls == [UNPICKLER]


def test_that_what_unpickles_is_where_the_rules_say(trees: dict[str, ast.AST]) -> None:
    importing = {
        place
        for place, tree in trees.items()
        for node in ast.walk(tree)
        if imported(node) & UNPICKLERS
    }
    assert importing == {UNPICKLER, PIPE}


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib",
        "import shelve",
        "import marshal",
        "import yaml",
        "from dill import load",
        "import pickle as p\np.loads(data)",
        "load = pickle.load",
        "pickle.loads(data)",
        "eval(text)",
        "exec(text)",
        "os.system('ls')",
        "from os import system",
        "run = eval",
        "builtins.exec(text)",
        "import os as o\no.system('ls')",
        "subprocess.run(line, shell=True)",
        "subprocess.run(line, shell=wanted)",
        "subprocess.getoutput('ls')",
        "shutil.unpack_archive(file)",
        "archive.extractall(folder)",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "torch.load(path, weights_only=chosen)",
        "from torch import load",
        "import torch as t\nt.load(path, weights_only=True)",
        "load = torch.load",
        "torch.load(path, **options)",
        "torch.load(path, weights_only=True)",
        "torch.serialization.load(path)",
        "torch.serialization.add_safe_globals([Thing])",
        "from torch import jit\njit.load(path)",
        "from torch.jit import load",
        "from torch import export",
        "import torch.distributed.checkpoint as dcp",
        "from torch.distributed import checkpoint",
        "import torch.hub",
        "torch.jit.load(path)",
        "torch.export.load(path)",
        "torch.hub.load(name)",
        "numpy.load(path, allow_pickle=True)",
        "import numpy as np\nnp.load(path, allow_pickle=chosen)",
        "import numpy as np\nnp.load(path, None, True)",
        "Image.open(path)",
        "from PIL import Image as I\nI.open(path)",
        "open_image = Image.open",
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
        "from contextlib import suppress\nwith suppress(BaseException):\n    f()",
    ],
)
def test_that_a_banned_line_is_found(line: str) -> None:
    assert list(findings(ast.parse(line), "petstudio/ui/page.py"))


@pytest.mark.parametrize(
    "line",
    [
        "numpy.load(path, allow_pickle=False)",
        "from urllib.parse import quote",
        "re.compile(pattern)",
        "process.terminate()",
        "subprocess.run(line, shell=False)",
        "recipe.load(path)",
        "import pickletools",
        "socket.gethostname()",
        "try:\n    f()\nexcept Exception:\n    pass",
    ],
)
def test_that_a_harmless_line_is_not_found(line: str) -> None:
    assert list(findings(ast.parse(line), "petstudio/images/page.py")) == []
