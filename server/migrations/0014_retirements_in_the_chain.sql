-- Whether a key was retired is asked of the chain, which nobody can change unseen, and not of the table beside it.
CREATE INDEX audit_entries_retirements ON audit_entries (stream, seq) WHERE strpos(entry, '"action":"retire-key"') > 0;
