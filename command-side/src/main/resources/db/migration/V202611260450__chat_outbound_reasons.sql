-- Reason for which a message waits: its last failure or the limit that was reached; empty for none.
alter table chat_outbound_message add column failure text not null default '';
-- Whether the contact may have the next part, because a request had no result.
alter table chat_outbound_message add column outcome_unknown boolean not null default false;
