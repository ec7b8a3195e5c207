-- The model that refused to answer.
alter table run_row add column refused_model text;
