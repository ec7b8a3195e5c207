-- What sessions' agents were given, by name. Of sessions that are there it is known after a replay.
alter table session_row add column outfit text;
alter table session_row add column client_tools bytea;
