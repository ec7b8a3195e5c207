-- Retracted messages, and messages and tool calls by thread.
alter table message_row add column retracted boolean not null default false;

create index message_row_thread on message_row (session_id, thread_id, sequence);
create index message_row_message on message_row (session_id, message_id);
create index tool_call_row_thread on tool_call_row (session_id, thread_id, sequence);
