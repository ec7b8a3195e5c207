alter table run_row add column model_usage text not null default '[]';
alter table run_row alter column model_usage drop default;
