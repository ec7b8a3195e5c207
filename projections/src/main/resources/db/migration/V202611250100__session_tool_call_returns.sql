-- Sequence of the event that ended a tool call; null while it is in progress. For positions in the
-- past.
alter table tool_call_row add column returned_sequence bigint;

update tool_call_row c set returned_sequence = e.sequencenumber + 1
from event e
where c.status is not null and e.aggregateidentifier = c.session_id
  and e.payloadtype = 'ToolReturned'
  and convert_from(e.payload, 'UTF8')::jsonb ->> 'toolCallId' = c.tool_call_id;
