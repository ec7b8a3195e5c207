-- Execution mode and type of origin, for filters of lists.
alter table session_row add column executor text
  generated always as (
    case
      when options::jsonb ->> 'permissionMode' = 'dontAsk' then 'background'
      else 'interactive'
    end) stored;
alter table session_row add column origin_type text
  generated always as (origin::jsonb ->> 'type') stored;
