-- Options of sessions name whether checkpoints are taken; before, they always were.
update session_row set options = (options::jsonb || '{"checkpointing": true}'::jsonb)::text
where not options::jsonb ? 'checkpointing';
