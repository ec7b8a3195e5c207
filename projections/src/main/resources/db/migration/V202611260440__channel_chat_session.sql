-- Session in which an agent of this installation answered last; empty for none.
alter table chat_row add column session_id text not null default '';
alter table chat_row alter column session_id drop default;
