"""Tables and cards for people: what stands in columns lines up on a terminal."""

from mysafe_env.cli.columns import card, table


def test_columns_line_up_whatever_the_letters() -> None:
    """Letters of East Asia take two columns, and an accent that is a character of its own takes none."""
    rows = [("1", "orders", "end"), ("2", "注文ＤＢ", "end"), ("3", "cafe\u0301", "end")]
    expected = (
        "ID  NAME      TAGS\n"
        "1   orders    end\n"
        "2   注文ＤＢ  end\n"
        "3   cafe\u0301      end\n"
    )  # fmt: skip
    assert expected == table(("ID", "NAME", "TAGS"), rows)


def test_a_card_lines_up_whatever_the_letters() -> None:
    """Names of fields may be anything, too, in SecretSafe."""
    assert "fields.ホスト  db\nname           x\n" == card({"fields.ホスト": "db", "name": "x"})


def test_one_long_cell_does_not_widen_the_table_without_end() -> None:
    """Others stand where they would without it."""
    lines = table(("A", "B"), [("x" * 1000, "1"), ("y", "2")]).splitlines()
    assert [f"A{' ' * 201}B", f"{'x' * 1000}  1", f"y{' ' * 201}2"] == lines
