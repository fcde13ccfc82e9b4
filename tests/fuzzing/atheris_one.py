"""One target in this process, its modules instrumented; libFuzzer ends the process."""

from importlib import import_module

_INSTRUMENTED = ["mysafe_env", "tomllib", "dotenv", "jinja2"]


def main(argv: list[str]) -> None:
    """Fuzz the target `argv[1]`; the rest is libFuzzer's."""
    program, target, *options = argv
    atheris = import_module("atheris")  # an extra, without types
    with atheris.instrument_imports(include=_INSTRUMENTED):
        targets = import_module("tests.fuzzing.targets")
    atheris.Setup([program, *options], targets.TARGETS[target].run)
    atheris.Fuzz()
