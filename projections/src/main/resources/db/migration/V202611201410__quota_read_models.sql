-- Read models of limits and usage. Can be emptied and filled again.
create table quota_tenant_row (
  tenant text primary key,
  limits text not null,
  version bigint not null);

-- Limits are null for a user whose own limits were removed.
create table quota_user_row (
  id text primary key,
  tenant text not null,
  user_id text not null,
  limits text,
  version bigint not null);

create table quota_reservation_row (
  run_id text primary key,
  tenant text not null,
  session_id text not null,
  user_id text not null,
  type text not null,
  reserved_nanos bigint not null,
  booked_nanos bigint not null);
create index quota_reservation_row_user on quota_reservation_row (tenant, user_id);

create table quota_month_row (
  id text primary key,
  tenant text not null,
  month text not null,
  user_id text not null,
  spent_nanos bigint not null);
create index quota_month_row_spent on quota_month_row (tenant, month, spent_nanos desc, user_id);

-- The node is empty for storage that was claimed since the last measurement.
create table quota_storage_row (
  id text primary key,
  tenant text not null,
  user_id text not null,
  node text not null,
  bytes bigint not null);
create index quota_storage_row_user on quota_storage_row (tenant, user_id);
