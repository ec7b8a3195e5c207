package io.agentledger.projection.session.search;

import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the search index; the caller chooses the sessions that may be read. */
public final class SearchReader {
  private static final SealedContentConverter SEALED = new SealedContentConverter();

  private final JdbcTemplate sql;

  SearchReader(JdbcTemplate sql) {
    this.sql = sql;
  }

  /** Kind of a document. A prompt is plain text; other contents are JSON. */
  public enum Kind {
    PROMPT,
    USER,
    ASSISTANT,
    TOOL_INPUT,
    TOOL_OUTPUT;

    public boolean isToolCall() {
      return this == TOOL_INPUT || this == TOOL_OUTPUT;
    }
  }

  /** A word's token in a session. */
  public record Lookup(String session, int word, long token) {}

  /**
   * Sequences of documents of a session that contain a word, perhaps none; a session may have
   * several postings.
   */
  public record Posting(String session, int word, long[] sequences) {}

  /** Returns those of the sessions whose key exists: content of others is destroyed. */
  public Set<String> findWithKey(Collection<String> sessions) {
    return OrderedCopy.of(
        sql.query(
            connection -> {
              var statement =
                  connection.prepareStatement(
                      "select key_id from keyring.session_key where key_id = any(?)");
              statement.setArray(1, connection.createArrayOf("text", sessions.toArray()));
              return statement;
            },
            (row, number) -> row.getString(1)));
  }

  /** Returns the postings of these tokens, also of sessions whose key was destroyed. */
  public List<Posting> find(List<Lookup> lookups) {
    var sessions = lookups.stream().map(Lookup::session).toArray(String[]::new);
    var words = lookups.stream().map(Lookup::word).toArray(Integer[]::new);
    var buckets = lookups.stream().map(lookup -> SearchTokens.bucket(lookup.token())).toArray();
    var stored = lookups.stream().map(lookup -> SearchTokens.stored(lookup.token())).toArray();
    return sql.query(
        connection -> {
          var statement =
              connection.prepareStatement(
                  """
                  select p.session_id, q.word, q.token, p.first_sequence, p.postings
                  from unnest(?, ?, ?, ?) as q (session_id, word, bucket, token)
                  join search_posting_row p
                    on p.session_id = q.session_id and p.bucket = q.bucket
                  where position(int4send(q.token) in p.postings) > 0
                  """);
          statement.setArray(1, connection.createArrayOf("text", sessions));
          statement.setArray(2, connection.createArrayOf("int4", words));
          statement.setArray(3, connection.createArrayOf("int2", buckets));
          statement.setArray(4, connection.createArrayOf("int4", stored));
          return statement;
        },
        (row, number) -> toPosting(row));
  }

  private static Posting toPosting(ResultSet row) throws SQLException {
    int token = row.getInt(3);
    long first = row.getLong(4);
    var postings = ByteBuffer.wrap(row.getBytes(5));
    var sequences = LongStream.builder();
    while (postings.hasRemaining())
      if (postings.getInt() == token) sequences.add(first + postings.get());
      else postings.get();
    return new Posting(row.getString(1), row.getInt(2), sequences.build().toArray());
  }

  /** Position of a document. */
  public record Position(String session, long sequence) {}

  /**
   * Conditions on documents.
   *
   * @param kinds at least one
   * @param tool name of the tool; empty for any
   * @param outcome outcome of the tool call; empty for any
   * @param from inclusive
   * @param to exclusive
   */
  public record Conditions(
      List<Kind> kinds, String tool, String outcome, Instant from, Instant to) {}

  /**
   * A document that may match.
   *
   * @param item id of the message or tool call
   * @param tool null for messages, as is the outcome; the outcome also of a call in progress
   */
  public record Candidate(
      Position position,
      Kind kind,
      String item,
      Instant at,
      @Nullable String tool,
      @Nullable String outcome,
      @Nullable SealedContent content) {}

  /** Returns the documents at these positions that meet the conditions, in the given order. */
  public List<Candidate> read(List<Position> positions, Conditions conditions) {
    return sql.query(
        connection -> {
          var statement =
              connection.prepareStatement(
                  """
                  select d.session_id, d.sequence, d.kind, d.item_id, d.at, c.name, c.status,
                    case d.kind when 'TOOL_INPUT' then c.input when 'TOOL_OUTPUT' then c.output
                      else m.block end
                  from unnest(?, ?) with ordinality as q (session_id, sequence, number)
                  join search_document_row d
                    on d.session_id = q.session_id and d.sequence = q.sequence
                  left join message_row m
                    on m.session_id = d.session_id and m.sequence = d.sequence
                  left join tool_call_row c
                    on c.session_id = d.session_id and c.tool_call_id = d.item_id
                  where d.kind = any(?) and (? = '' or c.name = ?) and (? = '' or c.status = ?)
                    and d.at >= ? and d.at < ? and m.retraction is null
                  order by q.number
                  """);
          statement.setArray(1, array(connection, "text", positions, Position::session));
          statement.setArray(2, array(connection, "int8", positions, Position::sequence));
          statement.setArray(3, array(connection, "text", conditions.kinds(), Kind::name));
          statement.setString(4, conditions.tool());
          statement.setString(5, conditions.tool());
          statement.setString(6, conditions.outcome());
          statement.setString(7, conditions.outcome());
          statement.setObject(8, conditions.from().atOffset(ZoneOffset.UTC));
          statement.setObject(9, conditions.to().atOffset(ZoneOffset.UTC));
          return statement;
        },
        (row, number) -> toCandidate(row));
  }

  private static <T> Array array(
      Connection connection, String type, List<T> items, Function<T, Object> toValue)
      throws SQLException {
    return connection.createArrayOf(type, items.stream().map(toValue).toArray());
  }

  private static Candidate toCandidate(ResultSet row) throws SQLException {
    return new Candidate(
        new Position(row.getString(1), row.getLong(2)),
        Kind.valueOf(row.getString(3)),
        row.getString(4),
        row.getTimestamp(5).toInstant(),
        row.getString(6),
        row.getString(7),
        SEALED.convertToEntityAttribute(row.getBytes(8)));
  }
}
