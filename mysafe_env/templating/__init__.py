"""Jinja2, kept in one room: sandboxed, strict, and silent about values.

In scope: every mapped name, `env` (the same as a mapping), `environ` (the inherited environment),
`secret("mysafe://...")`, `item(kind, selector="...")` and `tagged(tag, kind="...")`.
A library's message may quote a value, so only what stands in a template's own text is repeated.
"""

from mysafe_env.templating.environment import Inserted
from mysafe_env.templating.files import check_folders
from mysafe_env.templating.needs import Needs
from mysafe_env.templating.template import Template, read_template

__all__ = ["Inserted", "Needs", "Template", "check_folders", "read_template"]
