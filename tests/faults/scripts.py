"""All scripts of the bench, in the order of the README's table, with what the status line explains of each."""

from dataclasses import replace

from tests.faults import scripts_body, scripts_history, scripts_line, scripts_stream, scripts_values
from tests.faults.says import SAYS

_SILENT = (
    *scripts_line.SCRIPTS,
    *scripts_body.SCRIPTS,
    *scripts_values.SCRIPTS,
    *scripts_stream.SCRIPTS,
    *scripts_history.SCRIPTS,
)
_SETTLED = {
    "network-down", "half-open", "status-401-quote", "status-429-yahoo", "status-503", "html", "html-crumb", "pence",
    "stream-silent", "stream-closed", "history-503",
}  # fmt: skip
"""One of each kind is played on until not a word is left of it."""

SCRIPTS = tuple(replace(script, says=SAYS.get(script.name, ""), settles=script.name in _SETTLED) for script in _SILENT)
