"""`python -m mysafe_env`, the same as `mysafe-env`."""

import sys

from mysafe_env.cli.main import mysafe_env

sys.exit(mysafe_env())
