-- Agent setup of sessions, by name. Existing sessions have it after a replay.
alter table session_row add column agent_setup text;
alter table session_row add column client_tools bytea;
