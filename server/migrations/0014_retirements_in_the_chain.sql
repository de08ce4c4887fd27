-- Whether a key was retired is asked of the chain, which nobody can change unseen, and not of the table beside it alone. By the key itself: that an entry is a
-- retirement is more than the planner can guess, and it would read the whole chain instead.
CREATE INDEX audit_entries_retirements ON audit_entries (substring(entry from '"key":"([^"]*)"')) WHERE strpos(entry, '"action":"retire-key"') > 0;
