import json


class Tab:
    """A browser tab as far as the stream is concerned."""

    def __init__(self, answer):
        self.answer = answer
        self.lines = answer.iter_lines(chunk_size=1, decode_unicode=True)

    def next(self):
        """The next event as (type, id, data); waits for it."""
        event = {}
        for line in self.lines:
            if not line and "event" in event:
                return event["event"], event.get("id", ""), event.get("data", "")
            if line and not line.startswith(":"):
                name, _, value = line.partition(":")
                event[name] = value.strip()
        raise EOFError("the stream has ended")

    def opened(self):
        assert self.next()[0] == "stream-open"
        return self

    def hear(self):
        kind, place, data = self.next()
        assert kind == "message"
        return place, json.loads(data)

    def close(self):
        self.answer.close()
