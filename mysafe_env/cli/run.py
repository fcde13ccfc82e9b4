"""`mysafe-run` and `mysafe-env run`: the options. What they do is in `running`, which help does without."""

from typing import Any

import click

from mysafe_env.cli.options import mapping_options, resolving_options, voice

_EPILOG = """
Later wins: inherited environment, --env-file, mapping. Exit code: 125 if mysafe-run itself failed, 126 if
COMMAND can't be executed, 127 if it is not found, else the command's own (with --supervise 128+n when signal n
ended it).

\b
Examples:
  mysafe-run -- python manage.py migrate
  mysafe-run -p staging -c 'psql "$DATABASE_URL" -c "select 1"'
  mysafe-run --supervise --kill-after 8 -- ./server
"""


@click.command("run", context_settings={"allow_interspersed_args": False}, epilog=_EPILOG)
@mapping_options
@click.option("--keep", multiple=True, metavar="NAME", help="Keep an inherited value and don't fetch it; repeatable.")
@click.option("--pristine", is_flag=True, help="Inherit only PATH HOME USER LANG TERM TZ.")
@click.option("--pass", "passing", multiple=True, metavar="GLOB", help="Inherit only names that match; repeatable.")
@click.option("--drop", multiple=True, metavar="GLOB", help="Don't inherit names that match; repeatable.")
@click.option("-c", "script", metavar="STRING", help="Run STRING with /bin/sh; arguments become $0 $1 ...")
@click.option("--no-inherited-refs", is_flag=True, help="Leave references in the inherited environment alone.")
@click.option("--keep-credentials", is_flag=True, help="Let COMMAND inherit the client secret.")
@click.option("--no-render", is_flag=True, help="Don't render the mapping's [[render]] files first.")
@click.option("--supervise", is_flag=True, help="Stay as parent: pass signals on, reap, end as COMMAND ends.")
@click.option("--kill-after", metavar="S", help="With --supervise: SIGKILL so many seconds after SIGTERM.")
@click.option("--rewrite", multiple=True, metavar="FROM:TO", help="With --supervise: send another signal; TO 0: none.")
@click.option("--single-child", is_flag=True, help="With --supervise: signals go to COMMAND, not to its group.")
@resolving_options
@click.argument("command_line", metavar="COMMAND [ARG]...", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Run COMMAND with secrets in its environment.

    COMMAND replaces mysafe-run: same process, nothing of ours left, unless --supervise is given.
    If one required value can't be had, nothing starts.
    """
    from mysafe_env.cli.running import run  # noqa: PLC0415  # help and usage errors need none of it

    run(options, voice(ctx))
