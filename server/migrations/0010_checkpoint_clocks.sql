-- How far each client id's changes reach is kept beside a copy of a section, so that opening a long one need not read through it.
-- Copies made before say nothing of it; they are made anew from the log.
DELETE FROM section_checkpoints;
ALTER TABLE section_checkpoints ADD COLUMN state_vector bytea NOT NULL;
