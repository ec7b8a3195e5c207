-- Sequence of the event that retracted a message; null if it is valid. For positions in the past.
alter table message_row add column retraction bigint;

update message_row m set retraction = e.sequencenumber + 1
from event e
where m.retracted and e.aggregateidentifier = m.session_id and e.payloadtype = 'ModelRefused'
  and convert_from(e.payload, 'UTF8')::jsonb -> 'retractedMessageIds' ? m.message_id;

alter table message_row drop column retracted;
