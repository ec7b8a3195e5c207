alter table run_row add column cli_cost_nanos bigint;
