package io.agentledger.projection.session.search;

import io.agentledger.api.session.SessionId;
import io.agentledger.projection.session.search.SearchReader.Kind;
import io.agentledger.projection.session.search.SearchReader.Position;
import io.agentledger.store.crypto.DerivedKeys;
import io.agentledger.store.postgres.BinaryCopy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.crypto.SecretKey;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes the search index. A row has the postings of one session, block of {@link #BLOCK} sequences
 * and bucket of tokens; a document with many words has rows of its own, so that no row becomes
 * large. The documents of a batch of events are collected and written by two statements before it
 * commits. A document that is present already is not written again.
 */
final class SearchIndexWriter {
  /** Sequences of one row; their offsets fit into a byte. */
  static final int BLOCK = 128;

  /** Bytes of a posting: four of the token, and the offset of the document in its block. */
  static final int POSTING_BYTES = Integer.BYTES + Byte.BYTES;

  /** Words of a document whose rows are shared with others. */
  private static final int SHARED_WORDS_MAX = 256;

  /** Distinct words of one document that are indexed. */
  static final int WORDS_MAX = 10_000;

  /** Tokens that are collected before they are written. */
  private static final int PENDING_MAX = 50_000;

  private final JdbcTemplate sql;
  private final DerivedKeys searchKeys;

  SearchIndexWriter(JdbcTemplate sql, DerivedKeys searchKeys) {
    this.sql = sql;
    this.searchKeys = searchKeys;
  }

  /**
   * A searchable part of a transcript.
   *
   * @param item id of the message or tool call
   */
  record Document(
      String tenant, SessionId session, long sequence, Kind kind, String item, Instant at) {}

  private record TokenizedDocument(Document document, long[] tokens) {
    Position position() {
      return new Position(document.session().value(), document.sequence());
    }
  }

  /** Documents of a batch of events that are not written yet. */
  private static final class PendingDocuments {
    final List<TokenizedDocument> documents = new ArrayList<>();
    final Map<String, @Nullable SecretKey> keys = new HashMap<>();
    final SearchTokens tokens = new SearchTokens();
    int tokenCount;
    boolean isReplay = true;
  }

  /** Key of a row; in the order of the primary key, neighbours are written together. */
  private record RowKey(String session, int bucket, long firstSequence)
      implements Comparable<RowKey> {
    private static final Comparator<RowKey> ORDER =
        Comparator.comparing(RowKey::session)
            .thenComparingInt(RowKey::bucket)
            .thenComparingLong(RowKey::firstSequence);

    @Override
    public int compareTo(RowKey other) {
      return ORDER.compare(this, other);
    }
  }

  /** Adds a document, which is written before the batch commits. */
  void add(Document document, String text, ReplayStatus status, UnitOfWork<?> batch) {
    var pending =
        batch.getOrComputeResource(
            SearchIndexWriter.class.getName(),
            key -> {
              var documents = new PendingDocuments();
              batch.onPrepareCommit(unit -> write(documents));
              return documents;
            });
    var key = pending.keys.computeIfAbsent(document.session().value(), this::findKey);
    if (key == null) return; // It was destroyed.
    var words = new HashSet<String>();
    for (var term : SearchAnalyzer.terms(text))
      if (words.size() < WORDS_MAX) words.add(term.text());
    var tokens = tokens(words, key, pending.tokens);
    pending.documents.add(new TokenizedDocument(document, tokens));
    pending.isReplay &= status.isReplay();
    pending.tokenCount += tokens.length;
    if (pending.tokenCount >= PENDING_MAX) write(pending);
  }

  /** Returns the tokens in their order, each once. */
  private static long[] tokens(Set<String> words, SecretKey key, SearchTokens searchTokens) {
    var tokens = new long[words.size()];
    int count = 0;
    for (String word : words) tokens[count++] = searchTokens.of(key, word);
    Arrays.sort(tokens);
    int distinct = 0;
    for (long token : tokens)
      if (distinct == 0 || token != tokens[distinct - 1]) tokens[distinct++] = token;
    return Arrays.copyOf(tokens, distinct);
  }

  private @Nullable SecretKey findKey(String session) {
    return searchKeys.findAll(List.of(session)).get(session);
  }

  private void write(PendingDocuments pending) {
    if (pending.documents.isEmpty()) return;
    var rows = new HashMap<RowKey, ByteArrayOutputStream>();
    for (var tokenized : insertDocuments(pending)) addTo(rows, tokenized);
    if (!rows.isEmpty()) upsertPostings(rows);
    pending.documents.clear();
    pending.keys.clear();
    pending.tokenCount = 0;
    pending.isReplay = true;
  }

  private static void addTo(Map<RowKey, ByteArrayOutputStream> rows, TokenizedDocument tokenized) {
    var document = tokenized.document();
    boolean isShared = tokenized.tokens().length <= SHARED_WORDS_MAX;
    int offset = isShared ? (int) (document.sequence() % BLOCK) : 0;
    long first = document.sequence() - offset;
    var posting = ByteBuffer.allocate(POSTING_BYTES);
    var tokens = tokenized.tokens();
    for (int i = 0; i < tokens.length; ) { // They are sorted, so those of a bucket follow another.
      int bucket = SearchTokens.bucket(tokens[i]);
      var key = new RowKey(document.session().value(), bucket, first);
      var row = rows.computeIfAbsent(key, absent -> new ByteArrayOutputStream());
      for (; i < tokens.length && SearchTokens.bucket(tokens[i]) == bucket; i++)
        row.writeBytes(
            posting.clear().putInt(SearchTokens.stored(tokens[i])).put((byte) offset).array());
    }
  }

  /** Returns the documents that were not present; a replay finds none, so it copies. */
  private List<TokenizedDocument> insertDocuments(PendingDocuments pending) {
    var documents = pending.documents.stream().map(TokenizedDocument::document).toList();
    if (pending.isReplay) {
      copyDocuments(documents);
      return pending.documents;
    }
    var added = new HashSet<>(insertDocuments(documents));
    return pending.documents.stream().filter(each -> added.contains(each.position())).toList();
  }

  private void copyDocuments(List<Document> documents) {
    BinaryCopy.copy(
        sql,
        "search_document_row (session_id, sequence, tenant, kind, item_id, at)",
        documents,
        SearchIndexWriter::write);
  }

  private static void write(Document document, BinaryCopy fields) throws IOException {
    fields.addText(document.session().value());
    fields.addLong(document.sequence());
    fields.addText(document.tenant());
    fields.addText(document.kind().name());
    fields.addText(document.item());
    fields.addInstant(document.at());
  }

  /** Returns the positions of the documents that were not present. */
  private List<Position> insertDocuments(List<Document> documents) {
    return sql.query(
        connection -> {
          var statement =
              connection.prepareStatement(
                  """
                  insert into search_document_row (session_id, sequence, tenant, kind, item_id, at)
                  select * from unnest(?, ?, ?, ?, ?, ?)
                  on conflict do nothing returning session_id, sequence
                  """);
          setArray(statement, 1, "text", documents, document -> document.session().value());
          setArray(statement, 2, "int8", documents, Document::sequence);
          setArray(statement, 3, "text", documents, Document::tenant);
          setArray(statement, 4, "text", documents, document -> document.kind().name());
          setArray(statement, 5, "text", documents, Document::item);
          setArray(
              statement,
              6,
              "timestamptz",
              documents,
              document -> document.at().atOffset(ZoneOffset.UTC));
          return statement;
        },
        (row, number) -> new Position(row.getString(1), row.getLong(2)));
  }

  private void upsertPostings(Map<RowKey, ByteArrayOutputStream> rows) {
    var keys = rows.keySet().stream().sorted().toList();
    var postings = keys.stream().map(rows::get).map(ByteArrayOutputStream::toByteArray).toList();
    sql.update(
        connection -> {
          var statement =
              connection.prepareStatement(
                  """
                  insert into search_posting_row as present
                    (session_id, bucket, first_sequence, postings)
                  select * from unnest(?, ?, ?, ?)
                  on conflict (session_id, bucket, first_sequence) do update
                  set postings = present.postings || excluded.postings
                  """);
          setArray(statement, 1, "text", keys, RowKey::session);
          setArray(statement, 2, "int2", keys, RowKey::bucket);
          setArray(statement, 3, "int8", keys, RowKey::firstSequence);
          statement.setArray(4, connection.createArrayOf("bytea", postings.toArray(byte[][]::new)));
          return statement;
        });
  }

  private static <T> void setArray(
      PreparedStatement statement,
      int parameter,
      String type,
      List<T> items,
      Function<T, Object> toValue)
      throws SQLException {
    var values = items.stream().map(toValue).toArray();
    statement.setArray(parameter, statement.getConnection().createArrayOf(type, values));
  }

  void deleteAll() {
    sql.update("delete from search_posting_row");
    sql.update("delete from search_document_row");
  }
}
