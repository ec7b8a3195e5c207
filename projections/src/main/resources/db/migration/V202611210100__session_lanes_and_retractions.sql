-- What a model took back is shown as such; a subagent's lane is read by itself.
alter table message_row add column retracted boolean not null default false;

create index message_row_lane on message_row (session_id, thread_id, sequence);
create index message_row_message on message_row (session_id, message_id);
create index tool_call_row_lane on tool_call_row (session_id, thread_id, sequence);
