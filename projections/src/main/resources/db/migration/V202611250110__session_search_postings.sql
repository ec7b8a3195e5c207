-- The words of a session are spread over 32 rows for each block of 128 sequences, so that its index
-- takes a few pages. A posting has five bytes: four of the word's token and the offset of the
-- document in the block. The index is written again from the events.
drop table search_token_row;

create table search_posting_row (
  session_id text not null,
  bucket smallint not null,
  first_sequence bigint not null,
  postings bytea not null,
  primary key (session_id, bucket, first_sequence)
) with (fillfactor = 80);
alter table search_posting_row alter column postings set storage external; -- Random bytes.

delete from search_document_row;
delete from token where processorname = 'search';
