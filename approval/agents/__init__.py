"""The door for agents: tools of the Model Context Protocol that call the verbs, and none that approves.

`tools` and `writing` know nothing of transports. `serving`, the only module that imports `mcp`, offers them over stdio
(`manage.py mcp`) and HTTP (`mounted`).
"""
