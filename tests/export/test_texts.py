"""What the formats look like, on two variables: one with quotes, a dollar sign and a backslash, one empty or plain."""

import pytest

from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import export_text, make_format

HOSTILE = 'it\'s "${X}" \\'


@pytest.mark.parametrize(
    ("format_name", "text"),
    [
        ("json", '{\n  "V": "it\'s \\"${X}\\" \\\\",\n  "W": "\u00e9\\n"\n}\n'),
        ("shell", "export V='it'\\''s \"${X}\" \\'\nexport W='\u00e9\n'\n"),
        ("fish", "set -gx V 'it\\'s \"${X}\" \\\\'\nset -gx W '\u00e9\n'\n"),
        ("powershell", "$env:V = 'it''s \"${X}\" \\'\n$env:W = '\u00e9\n'\n"),
        ("compose-env", 'V="it\'s \\"\\${X}\\" \\\\"\nW="\u00e9\n"\n'),
        ("systemd-env", 'V="it\'s \\"\\${X}\\" \\\\"\nW="\u00e9\n"\n'),
        ("node-env", "V=`it's \"${X}\" \\`\nW='\u00e9\n'\n"),
        ("python-dotenv", 'V="it\'s \\"${:-$}{X}\\" \\\\${:-}"\nW="\u00e9\n"\n'),
        ("github-env", f"V<<END_OF_V_0\n{HOSTILE}\nEND_OF_V_0\nW<<END_OF_W_0\n\u00e9\n\nEND_OF_W_0\n"),
        ("java-properties", 'V=it\'s\\ "${X}"\\ \\\\\nW=\\u00E9\\n\n'),
        ("yaml", '"V": "it\'s \\"${X}\\" \\\\"\n"W": "\\xE9\\n"\n'),
        ("csv", 'name,value\nV,"it\'s ""${X}"" \\"\nW,"\u00e9\n"\n'),
        ("tfvars", 'V = "it\'s \\"\\u0024{X}\\" \\\\"\nW = "\u00e9\\n"\n'),
    ],
)
def test_the_text_of_a_format(format_name: str, text: str) -> None:
    """One format a consumer, since no quoting survives them all."""
    assert text == export_text(make_format(format_name), {"V": Secret(HOSTILE), "W": Secret("\u00e9\n")})


@pytest.mark.parametrize(
    ("format_name", "text"),
    [
        ("docker-env", "V='a' b\nW=\n"),
        ("gitlab-dotenv", "V='a' b\nW=\n"),
        (
            "azure-pipelines",
            "##vso[task.setvariable variable=V;issecret=true]'a' b\n##vso[task.setvariable variable=W;issecret=true]\n",
        ),
    ],
)
def test_the_text_of_a_format_without_quotes(format_name: str, text: str) -> None:
    """Where quotes would become part of the value, there are none."""
    assert text == export_text(make_format(format_name), {"V": Secret("'a' b"), "W": Secret("")})


def test_the_text_for_all_readers() -> None:
    """`dotenv` has values that need no quotes anywhere."""
    values = {"URL": Secret("https://a.b:8/c,d@e%20+f"), "KEY": Secret("dG9r/W4+Lw=="), "EMPTY": Secret("")}

    assert "URL=https://a.b:8/c,d@e%20+f\nKEY=dG9r/W4+Lw==\nEMPTY=\n" == export_text(make_format("dotenv"), values)


def test_a_percent_sign_for_azure() -> None:
    """The agent decodes %AZP25 last, so that no code of its own comes to stand in a value."""
    text = export_text(make_format("azure-pipelines"), {"V": Secret("%0A%AZP25]")})

    assert "##vso[task.setvariable variable=V;issecret=true]%AZP250A%AZP25AZP25]\n" == text
