/** SQL of the Merkle log: leaves, nodes, checkpoints, cosignatures, and how far each chain is sealed. Rows are only ever added, but for the sealer's own bookmark. */
import type { Queryable, Tx } from '../ports.ts';
import type { Place, PlacedHash } from './merkle.ts';

/** One at a time over all nodes seals; any fixed number. */
const sealingTurn = 7_226_732;

/** True when nobody else seals now; the turn is given back with the transaction. */
export async function takeSealingTurn(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [sealingTurn]);
  return row?.mine ?? false;
}

/** How many leaves there are: one more than the last number. */
export async function leafCount(db: Queryable): Promise<number> {
  const [row] = await db.query<{ count: number }>('SELECT coalesce(max(leaf) + 1, 0) AS count FROM audit_leaves');
  return row?.count ?? 0;
}

export interface Unsealed {
  readonly stream: string;
  /** Sealed up to here. */
  readonly after: number;
  /** Where its head says that the chain ends. */
  readonly upTo: number;
}

/** Chains that go on behind their last leaf. */
export async function unsealedChains(db: Queryable, count: number): Promise<Unsealed[]> {
  return db.query<Unsealed>(
    `SELECT stream, after, "upTo" FROM (
       SELECT 'plan:' || plans.id AS stream, plans.audit_seq AS "upTo", coalesce(sealed.seq, 0) AS after FROM plans LEFT JOIN audit_sealed sealed ON sealed.stream = 'plan:' || plans.id
       UNION ALL
       SELECT access_heads.stream, access_heads.seq, coalesce(sealed.seq, 0) FROM access_heads LEFT JOIN audit_sealed sealed USING (stream)
     ) chains WHERE "upTo" > after LIMIT $1`,
    [count],
  );
}

/** Entries that wait for the sealer, as far as heads and bookmarks say. */
export async function unsealedCount(db: Queryable): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'SELECT (SELECT coalesce(sum(audit_seq), 0) FROM plans)::bigint + (SELECT coalesce(sum(seq), 0) FROM access_heads)::bigint - (SELECT coalesce(sum(seq), 0) FROM audit_sealed)::bigint AS count');
  return row?.count ?? 0;
}

/** Rows ever added to the audit chains, as the server's own statistics count them: costs nothing to ask, and is about a second old. */
export async function entriesEverAdded(db: Queryable): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT n_tup_ins AS count FROM pg_stat_user_tables WHERE relname = 'audit_entries'`);
  return row?.count ?? 0;
}

export interface NewLeaf {
  readonly stream: string;
  readonly seq: number;
  readonly hash: Buffer;
}

/** The next entries of these chains, in the order of each, `count` of them at most. */
export async function entriesToSeal(tx: Tx, chains: readonly Unsealed[], count: number): Promise<NewLeaf[]> {
  return tx.query<NewLeaf>(
    `SELECT next.stream, next.seq, next.hash FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS chain (stream, after, up_to)
     CROSS JOIN LATERAL (
       SELECT stream, seq, hash FROM audit_entries WHERE audit_entries.stream = chain.stream AND seq > chain.after AND seq <= chain.up_to ORDER BY seq LIMIT $4
     ) next LIMIT $4`,
    [chains.map(({ stream }) => stream), chains.map(({ after }) => after), chains.map(({ upTo }) => upTo), count],
  );
}

/** Adds leaves from number `from` on, the nodes that they complete, and moves the bookmarks. */
export async function addLeaves(tx: Tx, from: number, leaves: readonly NewLeaf[], nodes: readonly PlacedHash[]): Promise<void> {
  const streams = leaves.map(({ stream }) => stream);
  const seqs = leaves.map(({ seq }) => seq);
  await tx.query(
    `INSERT INTO audit_leaves (leaf, stream, seq, hash)
     SELECT $1::bigint + row.n - 1, row.stream, row.seq, row.hash FROM unnest($2::text[], $3::bigint[], $4::bytea[]) WITH ORDINALITY AS row (stream, seq, hash, n)`,
    [from, streams, seqs, leaves.map(({ hash }) => hash)],
  );
  await tx.query(
    'INSERT INTO audit_nodes (level, place, hash) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])',
    [nodes.map(({ level }) => level), nodes.map(({ place }) => place), nodes.map(({ hash }) => hash)],
  );
  await tx.query(
    `INSERT INTO audit_sealed (stream, seq) SELECT stream, max(seq) FROM unnest($1::text[], $2::bigint[]) AS row (stream, seq) GROUP BY stream
     ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq`,
    [streams, seqs],
  );
}

/** Hashes of complete subtrees; what is missing is left out. */
export async function hashesAt(db: Queryable, places: readonly Place[]): Promise<(at: Place) => Buffer | undefined> {
  const inner = places.filter(({ level }) => level > 0);
  const rows = await db.query<PlacedHash>(
    `SELECT level::int AS level, place, hash FROM unnest($1::smallint[], $2::bigint[]) AS wanted (level, place) JOIN audit_nodes USING (level, place)
     UNION ALL SELECT 0, leaf, hash FROM audit_leaves WHERE leaf = ANY ($3::bigint[])`,
    [inner.map(({ level }) => level), inner.map(({ place }) => place), places.filter(({ level }) => level === 0).map(({ place }) => place)],
  );
  const known = new Map(rows.map(({ level, place, hash }) => [`${level}/${place}`, hash]));
  return ({ level, place }) => known.get(`${level}/${place}`);
}

export interface CheckpointRow {
  readonly size: number;
  readonly root: Buffer;
  readonly origin: string;
  readonly keyId: string;
  readonly note: string;
  readonly at: Date;
}
const checkpointColumns = 'size, root, origin, key_id AS "keyId", note, at';

export async function addCheckpoint(tx: Tx, checkpoint: Omit<CheckpointRow, 'at'>): Promise<CheckpointRow> {
  const { size, root, origin, keyId, note } = checkpoint;
  const [row] = await tx.query<CheckpointRow>(`INSERT INTO audit_checkpoints (size, root, origin, key_id, note) VALUES ($1, $2, $3, $4, $5) RETURNING ${checkpointColumns}`, [size, root, origin, keyId, note]);
  if (!row) throw new Error('the checkpoint was not kept');
  return row;
}

export async function latestCheckpoint(db: Queryable): Promise<CheckpointRow | undefined> {
  const [row] = await db.query<CheckpointRow>(`SELECT ${checkpointColumns} FROM audit_checkpoints ORDER BY size DESC LIMIT 1`);
  return row;
}

/** Checkpoints larger than `size`, smallest first. */
export async function checkpointsAfter(db: Queryable, size: number, count: number): Promise<CheckpointRow[]> {
  return db.query<CheckpointRow>(`SELECT ${checkpointColumns} FROM audit_checkpoints WHERE size > $1 ORDER BY size LIMIT $2`, [size, count]);
}

/** The checkpoint that an entry first stands under, and the first that another house co-signed; times by the database's clock. */
export interface SealRow {
  readonly leaf: number;
  readonly size: number | null;
  readonly sealedAt: Date | null;
  readonly witness: string | null;
  readonly witnessedAt: Date | null;
}

/** How far the entry is sealed; undefined before it has a leaf. */
export async function sealOf(db: Queryable, stream: string, seq: number): Promise<SealRow | undefined> {
  const [row] = await db.query<SealRow>(
    `SELECT leaf, sealed.size, sealed.at AS "sealedAt", seen.witness, seen.at AS "witnessedAt" FROM audit_leaves
     LEFT JOIN LATERAL (SELECT size, at FROM audit_checkpoints WHERE size > leaf ORDER BY size LIMIT 1) sealed ON true
     LEFT JOIN LATERAL (SELECT witness, at FROM audit_cosignatures WHERE size > leaf ORDER BY size LIMIT 1) seen ON true
     WHERE stream = $1 AND seq = $2`,
    [stream, seq],
  );
  return row;
}

/** Number of the entry with which this version of a plan was signed. Spelled as the index audit_entries_signings is. */
export async function versionEntry(db: Queryable, stream: string, version: number): Promise<number | undefined> {
  const [row] = await db.query<{ seq: number }>(
    `SELECT seq FROM audit_entries WHERE stream = $1 AND strpos(entry, '"action":"sign-version"') > 0 AND strpos(entry, '"outcome":"done"') > 0 AND strpos(entry, '"version":' || $2::int || '}') > 0 LIMIT 1`,
    [stream, version],
  );
  return row?.seq;
}

/** The largest size that this house has co-signed for us. */
export async function cosignedSize(db: Queryable, witness: string): Promise<number> {
  const [row] = await db.query<{ size: number | null }>('SELECT max(size) AS size FROM audit_cosignatures WHERE witness = $1', [witness]);
  return row?.size ?? 0;
}

export async function addCosignature(db: Queryable, size: number, witness: string, line: string): Promise<void> {
  await db.query('INSERT INTO audit_cosignatures (size, witness, line) VALUES ($1, $2, $3) ON CONFLICT (witness, size) DO NOTHING', [size, witness, line]);
}

export interface CosignatureRow {
  readonly size: number;
  readonly witness: string;
  readonly line: string;
}
/** Cosignatures of checkpoints with sizes from `from` to `to`. */
export async function cosignaturesBetween(db: Queryable, from: number, to: number): Promise<CosignatureRow[]> {
  return db.query<CosignatureRow>('SELECT size, witness, line FROM audit_cosignatures WHERE size BETWEEN $1 AND $2 ORDER BY size', [from, to]);
}

/** Leaves from number `from`, up to `count` of them, each with what its chain holds at that place now. */
export interface LeafRow extends NewLeaf {
  readonly leaf: number;
  /** Null when the chain has no such entry any more. */
  readonly entryHash: Buffer | null;
  readonly entry: string | null;
}
/** `texts`: with the entries themselves, for a walk that reads nothing else. */
export async function leavesFrom(db: Queryable, from: number, count: number, texts: boolean): Promise<LeafRow[]> {
  return db.query<LeafRow>(
    `SELECT leaves.leaf, leaves.stream, leaves.seq, leaves.hash, audit_entries.hash AS "entryHash", ${texts ? 'audit_entries.entry' : 'NULL'} AS entry
     FROM (SELECT leaf, stream, seq, hash FROM audit_leaves WHERE leaf >= $1 ORDER BY leaf LIMIT $2) leaves LEFT JOIN audit_entries USING (stream, seq) ORDER BY leaves.leaf`,
    [from, count], texts ? 'leaves-with-texts' : 'leaves',
  );
}

/** Leaves as one row: nothing but their hashes, as long as everything is as it should be. */
interface ManyLeaves {
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly streams: string | null;
  readonly seqs: string | null;
  readonly hashes: Buffer | null;
  readonly wrong: number;
}

/**
 * As `leavesFrom` without texts, put together and compared with the chains by the server: a tenth of the work for the driver. Undefined when something is
 * amiss or cannot be told apart again; then the rows say what.
 */
export async function manyLeavesFrom(db: Queryable, from: number, count: number): Promise<LeafRow[] | undefined> {
  const [row] = await db.query<ManyLeaves>(
    `SELECT count(*) AS count, min(leaf) AS first, max(leaf) AS last, string_agg(stream, ' ' ORDER BY leaf) AS streams, string_agg(seq::text, ' ' ORDER BY leaf) AS seqs,
       string_agg(hash, ''::bytea ORDER BY leaf) AS hashes, count(*) FILTER (WHERE own IS DISTINCT FROM hash) AS wrong
     FROM (
       SELECT leaves.*, audit_entries.hash AS own FROM (SELECT leaf, stream, seq, hash FROM audit_leaves WHERE leaf >= $1 ORDER BY leaf LIMIT $2) leaves LEFT JOIN audit_entries USING (stream, seq)
     ) AS next`,
    [from, count], 'many-leaves',
  );
  if (!row || row.count === 0) return [];
  const [streams, seqs, hashes] = [row.streams?.split(' ') ?? [], row.seqs?.split(' ') ?? [], row.hashes ?? Buffer.alloc(0)];
  if (row.wrong > 0 || row.first !== from || row.last !== from + row.count - 1 || streams.length !== row.count || hashes.length !== row.count * hashBytes) return undefined;
  return streams.map((stream, index) => {
    const hash = hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
    return { leaf: from + index, stream, seq: Number(seqs[index]), hash, entryHash: hash, entry: null };
  });
}
const hashBytes = 32;

/** Of these chains, the last entry that has a leaf before number `leaf`, with its hash as the log has it. */
export async function lastSealedBefore(db: Queryable, streams: readonly string[], leaf: number): Promise<NewLeaf[]> {
  return db.query<NewLeaf>(
    `SELECT last.stream, last.seq, last.hash FROM unnest($1::text[]) AS wanted (stream)
     CROSS JOIN LATERAL (SELECT stream, seq, hash FROM audit_leaves WHERE audit_leaves.stream = wanted.stream AND leaf < $2 ORDER BY seq DESC LIMIT 1) last`,
    [streams, leaf],
  );
}

/**
 * Chains with an entry that no leaf stands for although it is older than `overdueMs`, by the database's clock; the first such entry of each. Counted from now
 * where somebody seals all the time; from the last checkpoint where the service may have stopped long ago.
 */
export async function overdueEntries(db: Queryable, overdueMs: number, from: 'now' | 'checkpoint'): Promise<{ stream: string; seq: number }[]> {
  return db.query<{ stream: string; seq: number }>(
    `SELECT chains.stream, next.seq FROM (SELECT 'plan:' || id AS stream, audit_seq AS head FROM plans UNION ALL SELECT stream, seq FROM access_heads) chains
     CROSS JOIN LATERAL (SELECT coalesce(max(seq), 0) AS seq FROM audit_leaves WHERE audit_leaves.stream = chains.stream) sealed
     JOIN LATERAL (SELECT seq, entry FROM audit_entries WHERE audit_entries.stream = chains.stream AND audit_entries.seq > sealed.seq ORDER BY seq LIMIT 1) next ON true
     WHERE chains.head > sealed.seq
       AND substring(next.entry from '"at":"([^"]*)"') < (
         SELECT to_char((${from === 'now' ? 'clock_timestamp()' : '(SELECT max(at) FROM audit_checkpoints)'} - $1 * interval '1 millisecond') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
    [overdueMs],
  );
}

/** Public halves of keys as nodes published them, by id. */
export async function publishedKey(db: Queryable, keyId: string): Promise<string | undefined> {
  const [row] = await db.query<{ publicKey: string }>('SELECT public_key AS "publicKey" FROM signing_keys WHERE key_id = $1', [keyId]);
  return row?.publicKey;
}
