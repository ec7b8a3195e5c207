-- Paths that tool calls were decided about, and who wrote a message. Existing rows have them after a
-- replay.
alter table tool_call_row add column resolved_path bytea;
alter table message_row add column origin text;
