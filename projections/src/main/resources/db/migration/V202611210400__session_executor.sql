-- Who carries out a session's work, as io.agentledger.api.session.Executor has it.
alter table session_row add column executor text
  generated always as (
    case
      when options::jsonb ->> 'permissionMode' = 'dontAsk' then 'background'
      when origin::jsonb ->> 'type' = 'forked' then 'forked'
      else 'interactive'
    end) stored;
