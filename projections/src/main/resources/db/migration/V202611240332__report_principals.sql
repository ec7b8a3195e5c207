-- The scopes that a report was made with, which its readers need. Rebuilt from all events.
truncate report_row;
delete from token where processorName = 'report';
alter table report_row add column principal text not null;
