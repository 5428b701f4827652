"""The API is held to its own description, with real data: nothing that it says of itself is untrue."""
