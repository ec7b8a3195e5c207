-- How long a server's calls and the users that it asks may take; null: it has no limits of its own.
alter table mcp_server_row add column limits text;
