-- Events that a projection failed to handle, and later ones of the same session.
-- The columns and the textual timestamps are Axon's.
create table dead_letter (
  deadletteridentifier text primary key,
  processinggroup text not null,
  sequenceidentifier text not null,
  sequenceindex bigint not null,
  messagetype text not null,
  eventidentifier text not null,
  timestamp text not null,
  payloadtype text not null,
  payloadrevision text,
  payload bytea not null,
  metadata bytea,
  type text,
  aggregateidentifier text,
  sequencenumber bigint,
  tokentype text,
  token bytea,
  enqueuedat text not null,
  lasttouched text,
  processingstarted text,
  causetype text,
  causemessage text,
  diagnostics bytea,
  unique (processinggroup, sequenceidentifier, sequenceindex));
create index dead_letter_order on dead_letter (processinggroup, enqueuedat, deadletteridentifier);
