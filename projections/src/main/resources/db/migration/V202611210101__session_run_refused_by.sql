-- Which model would not answer.
alter table run_row add column refused_by text;
