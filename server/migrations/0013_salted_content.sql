-- A version's hash is shown to people who may not read all of what it was taken of. Who knows the rest could try what a hidden answer may be until the hash
-- fits; so each content carries a salt, made from this, that is shown to nobody who is not shown everything. Versions from before have none.
ALTER TABLE plans ADD COLUMN salt bytea NOT NULL DEFAULT (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
GRANT SELECT (salt) ON plans TO accord_reader;
