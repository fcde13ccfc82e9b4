"""Mappings and env files as texts or files, read and planned the way every command does."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mysafe_env.errors import MappingError, Report
from mysafe_env.mapping.env_files import read_env_file
from mysafe_env.mapping.files import read_mapping_file
from mysafe_env.mapping.model import Layer
from mysafe_env.mapping.places import Problems
from mysafe_env.plan import Plan, make_plan

NAME = "mapping.toml"


def plan_file(path: str | os.PathLike[str], profile: str | None = None) -> Plan:
    """The plan of one mapping file; raises `MappingError` with every problem, those of all profiles included."""
    problems = Problems()
    plan = make_plan([read_mapping_file(os.fspath(path), problems).layer(profile)], problems)
    problems.raise_any()
    return plan


def plan_text(text: str | bytes, profile: str | None = None) -> Plan:
    """The plan of a mapping's text; its problems are told under the name `mapping.toml` in a passing folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, NAME)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return plan_file(path, profile)


def reports_of(path: str | os.PathLike[str]) -> tuple[Report, ...]:
    """What is wrong with a mapping file; nothing when it can be planned."""
    try:
        plan_file(path)
    except MappingError as error:
        return error.reports
    return ()


def env_layer(path: str | os.PathLike[str], environ: Mapping[str, str] | None = None) -> Layer:
    """The layer of one env file; raises `MappingError`."""
    problems = Problems()
    layer = read_env_file(os.fspath(path), environ or {}, problems)
    problems.raise_any()
    return layer
