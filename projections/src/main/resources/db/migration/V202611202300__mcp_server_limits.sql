-- Time limits of a server's calls and of answers to its elicitations; null: the defaults.
alter table mcp_server_row add column limits text;
