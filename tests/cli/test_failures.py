"""Failures that nobody foresaw."""

from pathlib import Path

from tests.cli.programs import in_folder, play

MARK = "cAnArY9d2e"
MAPPING = '[env]\nA = { template = "x" }\n'


def test_a_bug_is_told_without_its_own_words(tmp_path: Path) -> None:
    """An exception that is none of ours may quote a value, so only its type and place are shown."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "jinja2.py").write_text(f'raise ZeroDivisionError("{MARK}")\n')
    environment = in_folder(tmp_path, MAPPING) | {"PYTHONPATH": str(library)}
    told = "error: internal error: ZeroDivisionError in <module>, line 1\n"
    hint = "hint: this is a bug of mysafe-env; please report this line\n"
    for code, name, *arguments in ((125, "mysafe-run", "true"), (1, "mysafe-env", "export", "--format", "json")):
        done = play(tmp_path, environment, name, *arguments)
        assert (code, f"{name}: {told}{name}: {hint}") == (done.code, done.stderr.decode())
