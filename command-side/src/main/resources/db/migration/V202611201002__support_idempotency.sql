-- First answers, saved in the transaction of their command; purged after a day.
create table idempotency (
  tenant text not null,
  credential text not null,
  key text not null,
  command text not null,
  body_hash text not null,
  answer_type text,
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (tenant, credential, key)
);
create index on idempotency (created_at);
