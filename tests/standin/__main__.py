"""`python -m tests.standin --port N [--seed S]`"""

import argparse

from tests.standin.server import Standin


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free.")
    parser.add_argument("--seed", type=int, default=1, help="Of the dice that give each account its temper.")
    parser.add_argument("--plain", action="store_true", help="No dice: every account is as the documentation says.")
    given = parser.parse_args()
    server = Standin(given.port, None if given.plain else given.seed)
    print(f"standin: {server.url}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
