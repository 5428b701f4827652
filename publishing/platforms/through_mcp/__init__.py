"""Publishing through an MCP server that the agency runs: facebook-mcp-server or ig-mcp (platforms.md F).

The server does what changes something; reading stays with the Graph API, because only reading proves. Nothing here
imports `mcp`, which is an optional package, but `running`, and that is imported when a server is started.
"""
