"""The audit log in the state database: rows, the people's keys, and heads."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tailorbird.adapters.sql.audit_witness import AuditWitness
from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.erased import Erased, writable
from tailorbird.adapters.sql.tables import audit, audit_heads, audit_keys
from tailorbird.stages.audit.entries import entry_bytes
from tailorbird.stages.audit.tree import grow, hash_leaf, peaks_root
from tailorbird.types.audit import AuditEntry, AuditRow, TreeHead

_CHUNK = 500
_LOCK = 7261844
_NONCE_BYTES, _KEY_BYTES, _ID_BYTES = 12, 32, 16
_Key = tuple[str, bytes]


class SqlAuditLog:
    """`AuditLog` in the state database, with a second record beside it.

    Nothing more is written of erased people. Entries about nobody are under `secret`, which only makes their ids:
    their payload is plain JSON.
    """

    def __init__(self, engine: sa.Engine, witness: AuditWitness, secret: bytes, erased: Erased | None = None) -> None:
        self._engine, self._witness, self._secret, self._erased = engine, witness, secret, erased

    def append(self, entries: Sequence[AuditEntry]) -> TreeHead:
        """Write what is new in one transaction, and the head; then the second record follows."""
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's transactions are one after the other anyway
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            last, peaks = _last_head(connection)
            size, head = last.size, last
            remaining = iter(entries)
            while chunk := list(islice(remaining, _CHUNK)):
                rows = self._fresh_rows(connection, chunk)
                if rows:
                    numbered = [{**row, "position": size + n} for n, row in enumerate(rows)]
                    connection.execute(sa.insert(audit), numbered)
                    peaks = grow(peaks, size, [row["leaf"] for row in rows])
                    size += len(rows)
                    head = TreeHead(size, peaks_root(peaks).hex(), entries[-1].at.isoformat())
            if head.size > last.size:
                content = {"size": head.size, "root": head.root, "at": head.at}
                connection.execute(sa.insert(audit_heads), [{**content, "peaks": [peak.hex() for peak in peaks]}])
        if head.size > last.size:
            self._witness.follow(head, self._leaves)
        return head

    def _fresh_rows(self, connection: sa.Connection, entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
        about = [{"person_id": e.person_id} for e in entries if e.person_id is not None]
        people = {row["person_id"] for row in writable(self._erased, connection, about)} | {None}
        entries = [entry for entry in entries if entry.person_id in people]
        keys = _keys_of(connection, [entry.person_id for entry in entries if entry.person_id is not None])
        ids = [self._entry_id(entry, keys) for entry in entries]
        query = sa.select(audit.c.entry_id).where(audit.c.entry_id.in_(ids))
        taken = set(connection.execute(query).scalars())
        rows = []
        for entry, entry_id in zip(entries, ids, strict=True):
            if entry_id in taken:
                continue
            taken.add(entry_id)
            key_id, key = keys[entry.person_id] if entry.person_id is not None else ("", b"")
            plain = json.dumps(dict(entry.detail), sort_keys=True, separators=(",", ":")).encode()
            payload = plain
            if key:
                nonce = secrets.token_bytes(_NONCE_BYTES)
                payload = nonce + AESGCM(key).encrypt(nonce, plain, entry_id.encode())
            at = entry.at.isoformat()
            leaf = hash_leaf(entry_bytes(at, entry.kind, entry_id, key_id, payload))
            row = {"at": at, "kind": entry.kind, "entry_id": entry_id, "key_id": key_id}
            rows.append({**row, "payload": payload, "leaf": leaf})
        return rows

    def _entry_id(self, entry: AuditEntry, keys: Mapping[str, _Key]) -> str:
        secret = self._secret if entry.person_id is None else keys[entry.person_id][1]
        return hmac.new(secret, f"{entry.kind}\0{entry.ref}".encode(), hashlib.sha256).hexdigest()[: 2 * _ID_BYTES]

    def _leaves(self, start: int, end: int) -> list[bytes]:
        query = sa.select(audit.c.leaf).where(audit.c.position >= start, audit.c.position < end)
        with reading(self._engine) as connection:
            return [bytes(leaf) for leaf in connection.execute(query.order_by(audit.c.position)).scalars()]

    def rows(self, person_id: str | None = None) -> Iterator[AuditRow]:
        """Every row, or one person's, in order."""
        # SQLite keeps a text in a column of bytes if somebody puts one there: it is read as what it is.
        columns = [sa.cast(c, c.type).label(c.name) if isinstance(c.type, sa.LargeBinary) else c for c in audit.columns]
        query = sa.select(*columns).order_by(audit.c.position)
        if person_id is not None:
            mine = sa.select(audit_keys.c.key_id).where(audit_keys.c.person_id == person_id)
            query = query.where(audit.c.key_id.in_(mine))
        with reading(self._engine) as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(query).mappings():
                content = {**row, "payload": bytes(row["payload"]), "leaf": bytes(row["leaf"])}
                yield AuditRow(**content)

    def heads(self) -> list[TreeHead]:
        """Every recorded head, by size."""
        query = sa.select(audit_heads.c.size, audit_heads.c.root, audit_heads.c.at).order_by(audit_heads.c.size)
        with reading(self._engine) as connection:
            return [TreeHead(**row) for row in connection.execute(query).mappings()]

    def read(self, row: AuditRow) -> Any:
        """What a row tells, or None."""
        plain = row.payload
        try:
            if row.key_id:
                query = sa.select(audit_keys.c.key).where(audit_keys.c.key_id == row.key_id)
                with reading(self._engine) as connection:
                    key = connection.execute(query).scalar_one_or_none()
                if key is None:
                    return None
                sealed = row.payload[_NONCE_BYTES:]
                plain = AESGCM(bytes(key)).decrypt(row.payload[:_NONCE_BYTES], sealed, row.entry_id.encode())
            return json.loads(plain)
        except (InvalidTag, ValueError):
            return None

    def forget(self, person_ids: Sequence[str]) -> int:
        """Destroy these people's keys; how many."""
        with self._engine.begin() as connection:
            gone = sa.delete(audit_keys).where(audit_keys.c.person_id.in_(list(person_ids)))
            return connection.execute(gone).rowcount


def _last_head(connection: sa.Connection) -> tuple[TreeHead, list[bytes]]:
    newest = sa.select(audit_heads).order_by(audit_heads.c.size.desc()).limit(1)
    row = connection.execute(newest).mappings().one_or_none()
    if row is None:
        return TreeHead(0, peaks_root([]).hex()), []
    return TreeHead(row["size"], row["root"], row["at"]), [bytes.fromhex(peak) for peak in row["peaks"]]


def _keys_of(connection: sa.Connection, person_ids: Sequence[str]) -> dict[str, _Key]:
    """Each person's key; those who have none get one."""
    query = sa.select(audit_keys).where(audit_keys.c.person_id.in_(sorted(set(person_ids))))
    keys = {row.person_id: (row.key_id, bytes(row.key)) for row in connection.execute(query)}
    made = {
        person: (secrets.token_hex(_ID_BYTES), secrets.token_bytes(_KEY_BYTES))
        for person in sorted(set(person_ids) - set(keys))
    }
    insert_new(
        connection,
        audit_keys,
        [{"person_id": person, "key_id": key_id, "key": key} for person, (key_id, key) in made.items()],
    )
    return {**keys, **made}
