package io.agentledger.store.event;

import static org.axonframework.common.DateTimeUtils.formatInstant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.JdbcException;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.tokenstore.AbstractTokenEntry;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Token store whose claims are those of the node, not of the process, so that a restarted node need
 * not wait for them to expire. All processors of the node extend their claims by one statement, and
 * look for unclaimed tokens by another, each at most every {@link #INTERVAL}. Thread-safe.
 */
final class NodeTokenStore extends JdbcTokenStore {
  /** With a processor's own interval of 5 s below {@link #CLAIM_TIMEOUT}. */
  static final Duration INTERVAL = Duration.ofSeconds(3);

  static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(10);

  /** Skips tokens that a transaction is storing: that extends their claims as well. */
  private static final String EXTEND =
      """
      update token set timestamp = ? where (processorName, segment) in (
        select processorName, segment from token where owner = ? for update skip locked)
      returning processorName, segment""";

  private final ConnectionProvider connections;
  private final String node;
  private final Recent<Set<Claim>> extended = new Recent<>();
  private final Recent<Map<String, List<AbstractTokenEntry<?>>>> tokens = new Recent<>();

  private record Claim(String processor, int segment) {}

  NodeTokenStore(ConnectionProvider connections, Serializer serializer, String node) {
    super(
        builder()
            .nodeId(node)
            .claimTimeout(CLAIM_TIMEOUT)
            .connectionProvider(connections)
            .schema(TokenSchema.builder().setTokenTable("token").build())
            .serializer(serializer));
    this.connections = connections;
    this.node = node;
  }

  @Override
  public void extendClaim(String processor, int segment) {
    if (!extended.get(this::extendAll).contains(new Claim(processor, segment)))
      super.extendClaim(processor, segment);
  }

  private Set<Claim> extendAll(Connection connection) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(EXTEND)) {
      update.setString(1, formatInstant(AbstractTokenEntry.clock.instant()));
      update.setString(2, node);
      var claims = new HashSet<Claim>();
      try (ResultSet rows = update.executeQuery()) {
        while (rows.next()) claims.add(new Claim(rows.getString(1), rows.getInt(2)));
      }
      return claims;
    }
  }

  @Override
  public List<Segment> fetchAvailableSegments(String processor) {
    var known = tokens.get(this::readAll).get(processor);
    if (known == null) return super.fetchAvailableSegments(processor); // Initialized since.
    int[] segments = known.stream().mapToInt(AbstractTokenEntry::getSegment).toArray();
    return known.stream()
        .filter(token -> token.mayClaim(node, CLAIM_TIMEOUT))
        .map(token -> Segment.computeSegment(token.getSegment(), segments))
        .toList();
  }

  private Map<String, List<AbstractTokenEntry<?>>> readAll(Connection connection)
      throws SQLException {
    try (var select = connection.prepareStatement("select * from token order by segment");
        ResultSet rows = select.executeQuery()) {
      var byProcessor = new HashMap<String, List<AbstractTokenEntry<?>>>();
      while (rows.next()) {
        var token = readTokenEntry(rows);
        byProcessor.computeIfAbsent(token.getProcessorName(), name -> new ArrayList<>()).add(token);
      }
      return byProcessor;
    }
  }

  /** Statement on the connection of the caller's transaction. */
  private interface Statement<T> {
    T execute(Connection connection) throws SQLException;
  }

  /** Result that is renewed when it is requested after {@link #INTERVAL}. */
  private final class Recent<T> {
    private @Nullable T result;
    private long executedNanos;

    synchronized T get(Statement<T> statement) {
      T recent = result;
      if (recent != null && System.nanoTime() - executedNanos < INTERVAL.toNanos()) return recent;
      long startNanos = System.nanoTime();
      try (Connection connection = connections.getConnection()) {
        recent = statement.execute(connection);
      } catch (SQLException e) {
        throw new JdbcException("tokens of the node could not be read or extended", e);
      }
      result = recent;
      executedNanos = startNanos;
      return recent;
    }
  }
}
