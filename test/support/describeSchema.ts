/** A database's schema as text, read from its catalog: what the migrations add up to. */
import type { Queryable } from '../../server/ports.ts';

const columns = `
  SELECT c.relname AS name, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required, pg_get_expr(d.adbin, d.adrelid) AS fallback
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum`;
// A column's NOT NULL is written with the column; from version 18 on the catalog lists it as a constraint too.
const constraints = `
  SELECT conrelid::regclass::text AS name, conname AS constraint, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, contype DESC, conname`;
const indexes = `
  SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x')) ORDER BY c.relname`;
const functions = `SELECT pg_get_functiondef(oid) AS definition FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname`;
const triggers = `
  SELECT pg_get_triggerdef(t.oid) AS definition, t.tgrelid::regclass::text AS name, t.tgname AS trigger, t.tgenabled = 'A' AS always
  FROM pg_trigger t WHERE NOT tgisinternal ORDER BY 2, 3`;
const policies = `
  SELECT tablename AS name, 'CREATE POLICY ' || policyname || ' ON ' || tablename || ' FOR ' || cmd || ' TO ' || array_to_string(roles, ', ') || ' USING (' || qual || ')' || coalesce(' WITH CHECK (' || with_check || ')', '') AS definition
  FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname`;
const walled = `SELECT relname AS name, 'ALTER TABLE ' || relname || ' ENABLE ROW LEVEL SECURITY' AS definition FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity ORDER BY 1`;
const grants = `
  SELECT table_name AS name, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS rights, grantee::text AS to
  FROM information_schema.role_table_grants WHERE grantee IN ('accord_service', 'accord_reader') GROUP BY table_name, grantee
  UNION ALL
  SELECT attrelid::regclass::text, privilege_type || ' (' || string_agg(attname, ', ' ORDER BY attnum) || ')', grantee::regrole::text
  FROM pg_attribute, aclexplode(attacl) WHERE attacl IS NOT NULL AND grantee = 'accord_reader'::regrole GROUP BY attrelid, privilege_type, grantee
  ORDER BY 3 DESC, 1, 2`;

interface Column { name: string; column: string; type: string; required: boolean; fallback: string | null }
interface Defined { name: string; definition: string }

/** The schema in a fixed order, one statement after the other. `db` must be the owner's connection: the service sees only its own grants. */
export async function describeSchema(db: Queryable): Promise<string> {
  const constraintRows = await db.query<Defined & { constraint: string }>(constraints);
  const tables = new Map<string, Column[]>();
  for (const row of await db.query<Column>(columns)) tables.set(row.name, [...(tables.get(row.name) ?? []), row]);
  const parts = ['-- What the migrations add up to. Generated from the catalog; a test compares the two.'];
  for (const [name, rows] of tables) {
    const lines = rows.map(({ column, type, required, fallback }) => `  ${column} ${type}${required ? ' NOT NULL' : ''}${fallback === null ? '' : ` DEFAULT ${fallback}`}`);
    const rules = constraintRows.filter((row) => row.name === name).map((row) => `  CONSTRAINT ${row.constraint} ${row.definition}`);
    parts.push(`CREATE TABLE ${name} (\n${[...lines, ...rules].join(',\n')}\n);`);
  }
  for (const row of await db.query<Defined>(indexes)) parts.push(`${row.definition};`);
  for (const row of await db.query<Defined>(functions)) parts.push(`${row.definition.trim()};`);
  for (const row of await db.query<Defined & { trigger: string; always: boolean }>(triggers)) {
    parts.push(`${row.definition};${row.always ? `\nALTER TABLE ${row.name} ENABLE ALWAYS TRIGGER ${row.trigger};` : ''}`);
  }
  for (const row of [...(await db.query<Defined>(walled)), ...(await db.query<Defined>(policies))]) parts.push(`${row.definition};`);
  for (const row of await db.query<{ name: string; rights: string; to: string }>(grants)) parts.push(`GRANT ${row.rights} ON ${row.name} TO ${row.to};`);
  return `${parts.join('\n\n')}\n`;
}
