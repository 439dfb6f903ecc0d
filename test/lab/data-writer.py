"""Writes numbered rows, or keys, as fast as they are acknowledged, and notes which were and when.

data-writer.py database NAME HOST PORT    through the way to the primary on this host
data-writer.py redis NAME SENTINEL…       through whichever primary the sentinels name

The password is the first line of standard input. A line of output is "<number> <seconds since 1970>".
"""
import socket
import sys
import time

KIND, NAME = sys.argv[1:3]
PASSWORD = sys.stdin.readline().strip()


def note(number):
    print(number, "%.3f" % time.time(), flush=True)


def write_rows(connection, number):
    with connection.cursor() as cursor:
        while True:
            number[0] += 1
            cursor.execute("insert into acknowledged values (%s, %s)", (NAME, number[0]))
            note(number[0])
            time.sleep(0.02)


def database(host, port):
    import psycopg2

    number = [0]
    while True:
        connection = None
        try:
            connection = psycopg2.connect(
                host=host, port=port, dbname="registry", user="harbor", password=PASSWORD, connect_timeout=2,
                sslmode="verify-ca", sslrootcert="/etc/harborwright/data-services/ca.crt",
            )
            connection.autocommit = True
            write_rows(connection, number)
        except psycopg2.Error:
            time.sleep(0.1)
        finally:
            if connection is not None:
                connection.close()


class Redis:
    def __init__(self, address, port):
        self.socket = socket.create_connection((address, port), timeout=3)
        self.lines = self.socket.makefile("rb")

    def ask(self, *words):
        parts = [b"*%d\r\n" % len(words)]
        parts += [b"$%d\r\n%s\r\n" % (len(word), word) for word in (str(word).encode() for word in words)]
        self.socket.sendall(b"".join(parts))
        return self.answer()

    def answer(self):
        line = self.lines.readline().rstrip()
        kind, rest = line[:1], line[1:].decode()
        if kind == b"*":
            return [self.answer() for _ in range(int(rest))]
        if kind == b"$":
            return self.lines.read(int(rest) + 2)[:-2].decode() if int(rest) >= 0 else None
        if kind in (b"+", b":"):
            return rest
        raise OSError(line)


def primary(sentinels):
    """Whoever answers is asked first the next time, as Redis' guidelines for clients of Sentinel say."""
    for sentinel in list(sentinels):
        try:
            answer = Redis(sentinel, 26379).ask("sentinel", "get-master-addr-by-name", "harbor")
        except (OSError, ValueError):
            continue
        sentinels.remove(sentinel)
        sentinels.insert(0, sentinel)
        return answer
    raise OSError("no sentinel answers")


def write_keys(connection, number):
    connection.ask("auth", PASSWORD)
    while True:
        number[0] += 1
        connection.ask("set", "%s:%d" % (NAME, number[0]), "1")
        if int(connection.ask("wait", 1, 1000)) < 1:
            raise OSError("no replica has it")
        note(number[0])
        time.sleep(0.02)


def redis(sentinels):
    number = [0]
    while True:
        try:
            address, port = primary(sentinels)
            write_keys(Redis(address, int(port)), number)
        except (OSError, ValueError, TypeError):
            time.sleep(0.1)


if KIND == "database":
    database(sys.argv[3], sys.argv[4])
else:
    redis(sys.argv[3:])
