import threading

from django.db import connection


def at_once(*requests):
    """All at the same moment, each in a thread of its own. Their answers."""
    start, answers = threading.Barrier(len(requests)), [None] * len(requests)

    def run(number, request):
        start.wait()
        try:
            answers[number] = request()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
