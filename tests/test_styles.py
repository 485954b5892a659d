"""Rules of style sheets that tests share are those of the sheet's own variables."""

from textual.css.stylesheet import Stylesheet


def colour(variables: dict[str, str], css: str) -> str:
    """The colour that a sheet gives to a label."""
    sheet = Stylesheet(variables=variables)
    sheet.add_source(css, ("shared", ""))
    [rule] = sheet.rules
    return rule.styles.color.hex


def test_rules_when_a_variable_differs_then_they_are_not_those_of_the_other_sheet() -> None:
    css = "Label { color: $ink; }"
    assert [colour({"ink": ink}, css) for ink in ("#ff0000", "#00ff00", "#ff0000")] == ["#FF0000", "#00FF00", "#FF0000"]


def test_rules_when_the_text_differs_then_they_are_not_those_of_the_other_text() -> None:
    ink = {"ink": "#ff0000"}
    assert colour(ink, "Label { color: $ink; }") != colour(ink, "Label { color: #0000ff; }")
