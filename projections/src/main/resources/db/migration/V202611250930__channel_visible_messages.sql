-- Sequence number of the event by which the contact sees the message; 0 for none yet.
alter table chat_message_row add column visible_sequence bigint not null default 0;
alter table chat_message_row alter column visible_sequence drop default;
create index on chat_message_row (chat_id, visible_sequence);
