"""Templates: Jinja2, sandboxed and strict, whose errors show no value.

A template may use every mapped name, `env` (the same as a mapping), `environ` (the inherited environment),
`secret("mysafe://...")`, `item(kind, selector="...")` and `tagged(tag, kind="...")`.
Messages of Jinja2 and Python may quote a value, so errors repeat only words that stand in a template's own text.
"""

from mysafe_env.templating.environment import Inserted
from mysafe_env.templating.files import check_folders
from mysafe_env.templating.needs import Needs
from mysafe_env.templating.template import Template, read_template

__all__ = ["Inserted", "Needs", "Template", "check_folders", "read_template"]
