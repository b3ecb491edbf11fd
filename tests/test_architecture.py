"""The arrows between the apps, and between the layers inside an app, walked with ast."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("meeting", "registration", "programme")
MAY_IMPORT = {
    "meeting": {"meeting"},
    "registration": {"registration", "meeting"},
    "programme": {"programme", "registration", "meeting"},
}
# Within an app a module may import those of its own layer and of layers before it.
LAYERS = [
    {"collation", "languages", "names", "dates", "icons", "sealed", "appended"},
    {"models", "privacy", "translation"},
    {
        "rules",
        "closing",
        "letters",
        "issuing",
        "entities",
        "lists",
        "participants",
        "numbers",
        "directory",
        "mail",
        "texts",
        "status_page",
        "outside",
        "field_words",
        "day",
        "words",
        "questions",
    },
    {"workflow", "forms", "drafts", "rows", "retention"},
    {"duplicates", "safeguarding", "setup", "notices", "bounces", "exports", "versions", "handouts"},
    {"imports", "many", "campaigns", "reminders"},
    {"tasks"},
    {"focal", "own_page"},
    {"roster", "history"},
    {"views", "desk", "api", "admin", "question_admin", "question_forms", "pace_admin"},
    {"urls", "private_urls"},
]
# The outbox starts its task, and the task calls the outbox: one of the two imports inside a function.
ALLOWED = {("registration", "mail", "tasks")}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.relative_to(ROOT).with_suffix("").parts[: -node.level]) if node.level else ""
            base = ".".join(p for p in (package, node.module) if p)
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def modules(app: str) -> list[Path]:
    return [p for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts]


@pytest.mark.parametrize("app", APPS)
def test_apps_import_only_downwards(app):
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(app)
        for name in imports(path)
        if name.split(".")[0] in {*APPS, "config", "tests", "bench"} - MAY_IMPORT[app]
    }
    assert wrong == set()


def layer(module: str) -> int | None:
    return next((n for n, names in enumerate(LAYERS) if module in names), None)


@pytest.mark.parametrize("app", APPS)
def test_layers_inside_an_app_import_only_downwards(app):
    wrong = set()
    for path in modules(app):
        own = path.relative_to(ROOT / app).with_suffix("").parts[0]
        for name in imports(path):
            parts = name.split(".")
            if parts[0] != app or len(parts) < 2 or (app, own, parts[1]) in ALLOWED:
                continue
            mine, theirs = layer(own), layer(parts[1])
            if mine is not None and theirs is not None and theirs > mine:
                wrong.add(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == set()


def test_models_never_import_workflow_or_views():
    wrong = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in modules(app)
        if "models" in path.relative_to(ROOT).parts or path.stem == "models"
        for name in imports(path)
        if {"workflow", "views", "desk", "admin"} & set(name.split("."))
    }
    assert wrong == set()


def test_only_the_workflow_writes_status():
    wrong = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in modules(app)
        if "workflow" not in path.parts and "sample" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Attribute) and name.attr == "status" and "registration" in ast.unparse(name.value)
    }
    assert wrong == set()
