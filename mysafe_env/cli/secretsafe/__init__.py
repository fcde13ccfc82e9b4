"""`mysafe-env secretsafe`: the organisation API of SecretSafe."""

from typing import Final

from mysafe_env.cli.group import LazyGroup

_COMMANDS: Final = (
    ("members", "mysafe_env.cli.secretsafe.members", "Invite, change and remove members."),
    ("groups", "mysafe_env.cli.secretsafe.groups", "Create, change and delete groups."),
    ("collections", "mysafe_env.cli.secretsafe.collections", "Show, change and delete collections."),
    ("policies", "mysafe_env.cli.secretsafe.policies", "Show and set policies."),
    ("events", "mysafe_env.cli.secretsafe.events", "Print the event log."),
    ("import", "mysafe_env.cli.secretsafe.directory", "Import members and groups of a directory."),
    ("subscription", "mysafe_env.cli.secretsafe.subscription", "Show the seats and storage that are paid for."),
    ("spec", "mysafe_env.cli.secretsafe.spec", "Compare the server's API with what this tool covers."),
)

command = LazyGroup(_COMMANDS, help="Manage an organisation of SecretSafe, with its API key.")
