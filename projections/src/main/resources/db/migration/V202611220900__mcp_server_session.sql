-- Session that alone uses the server, because its request defined it; null for all others.
alter table mcp_server_row add column session_id text;
create index on mcp_server_row (session_id);
