"""No module imports upward, and there are no circles (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import ma_template

PACKAGE = Path(ma_template.__file__).parent

# From the ground up: a module imports only from rows above its own, or from its own row's folder.
LAYERS = (
    ("patterns", "likeness"),
    ("source", "encodings", "zones"),
    ("wording", "diagnostics"),
    ("additions", "update_table"),
    ("candidates", "matching", "judges", "readers"),
    ("lines",),
    ("blocks",),
    ("recognise", "sections"),
    ("compiling",),
    ("rules",),
    ("drafts",),
    ("models", "choices", "service_request"),
    ("config",),
    ("reading",),
    ("describing", "mends", "redacting", "reference"),
    ("examining",),
    ("checking",),
    ("histories",),
    ("arrow", "fixing", "forms"),
    ("spark",),
    ("overview",),
    ("rendering",),
    ("taking",),
    ("asking",),
    ("report", "completion", "jobs", "progress", "resolver", "versions"),
    ("mail", "settings"),
    ("configuring",),
    ("files", "portal", "scan"),
    ("lsp", "mending", "writing", "sr_file"),
    ("cli",),
    ("__main__",),
)
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}


def imported(tree: ast.AST) -> set[str]:
    """Return the package's modules that are imported at run time, lazily too; not those for the type checker alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ma_template."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("ma_template.")}
    return found


def test_no_module_imports_upward() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if name == "__init__":
            continue
        if path.stem == "__main__":  # a program: it stands on top, wherever it lies
            name = "__main__"
        for other in imported(ast.parse(path.read_text("utf-8"))):
            if other != name and HEIGHT[other] >= HEIGHT[name]:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {other}")
    assert not wrong


def test_lark_is_loaded_to_compile_the_grammar_and_never_to_read_an_update() -> None:
    users = [path.name for path in PACKAGE.rglob("*.py") if "from lark" in path.read_text("utf-8")]
    assert users == ["compiling.py"]
    assert not [path.name for path in PACKAGE.rglob("*.py") if "compiling import" in path.read_text("utf-8")]
