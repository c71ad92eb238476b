"""The face for editors: `ma-lint lsp`, a server of the Language Server Protocol (extra `lsp`).

`server.py` talks to the editor; all else takes a `Document` and says something of it: `diagnosing.py`, `fixes.py`,
`completing.py`, `outline.py`. Texts and answers are never logged.
"""
