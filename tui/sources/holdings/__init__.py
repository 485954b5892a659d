"""What funds hold: a file for each source, with a pure parser and, where there is something to ask, a source over HTTP.

`dialects` recognises a saved file by its content.
"""
