-- Filter of the pairs of adjacent words of a document; empty: it has none and may contain any pair.
alter table search_document_row add column pairs bytea not null default '';
