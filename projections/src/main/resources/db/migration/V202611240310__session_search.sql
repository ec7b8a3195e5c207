-- Search index of transcripts. A token is the keyed digest of a word; only the session's key makes it
-- comparable. A row has the documents of one session and block of 1,024 sequences that contain the
-- word, as offsets in the block, two bytes each. Columns are in the order that needs no padding.
create table search_token_row (
  token bigint not null,
  block integer not null,
  session_id text not null,
  offsets bytea not null,
  primary key (session_id, token, block)
) with (fillfactor = 90);

-- Searchable parts of transcripts: prompts, messages, tool inputs and tool outputs.
create table search_document_row (
  session_id text not null,
  sequence bigint not null,
  tenant text not null,
  kind text not null,
  item_id text not null,
  at timestamptz not null,
  primary key (session_id, sequence)
);
