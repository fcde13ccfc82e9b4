"""Names of environment variables: which are valid, which are dangerous."""

from typing import Final

# Names through which a value decides what code a program loads or where it sends its traffic.
DANGEROUS: Final = frozenset(
    {
        "BASHOPTS",
        "BASH_ENV",
        "BROWSER",
        "EDITOR",
        "ENV",
        "GCONV_PATH",
        "GIT_SSH_COMMAND",
        "GLIBC_TUNABLES",
        "HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "IFS",
        "JAVA_TOOL_OPTIONS",
        "NODE_OPTIONS",
        "NODE_PATH",
        "PAGER",
        "PATH",
        "PERL5LIB",
        "PERL5OPT",
        "PHPRC",
        "PHP_INI_SCAN_DIR",
        "PROMPT_COMMAND",
        "PS1",
        "PS4",
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONWARNINGS",
        "RUBYLIB",
        "RUBYOPT",
        "SHELLOPTS",
        "SSLKEYLOGFILE",
        "_JAVA_OPTIONS",
        # Proxy variables are read in lower case too.
        "http_proxy",
        "https_proxy",
    }
)
# What these begin is dangerous as well.
DANGEROUS_PREFIXES: Final = ("LD_", "DYLD_", "BASH_FUNC_", "GIT_CONFIG_")

NO_NAME: Final = "is no environment name; use letters, digits and _, and no digit in front"
"""What is said of a name that is not valid."""
DANGER: Final = "changes how programs load code, find commands or reach the network"
"""What such a name does, as messages say it."""


def is_valid_name(name: str) -> bool:
    """Whether every shell and every env-file reader takes the name: `[A-Za-z_][A-Za-z0-9_]*`."""
    return name.isascii() and name.isidentifier()


def is_dangerous(name: str) -> bool:
    """Whether the variable changes how programs load code, find commands or reach the network."""
    return name in DANGEROUS or name.startswith(DANGEROUS_PREFIXES)


def to_name(text: str) -> str:
    """*text* as an upper-case environment name: other characters become `_`, a leading digit gets one in front."""
    name = "".join(char if char.isascii() and char.isalnum() else "_" for char in text).upper()
    return f"_{name}" if name[:1].isdigit() else name
