-- The allowed tools of a session replace the defaults now; before, they were added to them.
update session_row
set options = jsonb_set(
  options::jsonb,
  '{allowedTools}',
  '["@default"]'::jsonb || (options::jsonb -> 'allowedTools'))::text;
