-- A call that a take-over has ended is dropped: its messages wait again, and are another call.
alter table chat_agent_state add column call_dropped boolean not null default false;
alter table chat_agent_state add column dropped_calls int not null default 0;
