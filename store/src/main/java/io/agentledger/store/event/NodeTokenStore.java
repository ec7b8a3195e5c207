package io.agentledger.store.event;

import static org.axonframework.common.DateTimeUtils.formatInstant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.JdbcException;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.AbstractTokenEntry;
import org.axonframework.eventhandling.tokenstore.GenericTokenEntry;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Token store whose claims are those of the node, not of the process, so that a restarted node need
 * not wait for them to expire. One statement extends the claims of all processors of the node and
 * reads all tokens, among which they look for unclaimed ones, at most every {@link #INTERVAL}.
 *
 * <p>The position of a processor that has handled nothing since is stored at most every {@link
 * #POSITION_INTERVAL}: after a restart it skips the same events again.
 *
 * <p>A crash of the database can lose the last commits of read models, with their tokens. A claim
 * whose token is not the one that this node has stored is lost, so that its processor goes back to
 * the token. Thread-safe.
 */
final class NodeTokenStore extends JdbcTokenStore {
  private static final Logger log = LoggerFactory.getLogger(NodeTokenStore.class);

  /** With a processor's own interval of 5 s below {@link #CLAIM_TIMEOUT}. */
  static final Duration INTERVAL = Duration.ofSeconds(3);

  static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(10);

  static final Duration POSITION_INTERVAL = Duration.ofMinutes(1);

  /** Skips tokens that a transaction is storing: that extends their claims as well. */
  private static final String EXTEND =
      """
      with extended as (
        update token set timestamp = ? where (processorName, segment) in (
          select processorName, segment from token where owner = ? for update skip locked)
        returning processorName, segment, token)
      select token.*, extended.segment is not null as is_extended, extended.token as current
      from token left join extended using (processorName, segment) order by segment""";

  private static final String EXTEND_ONE =
      "update token set timestamp = ? where processorName = ? and segment = ? and owner = ?";

  private static final String STORE =
      """
      update token set token = ?, tokenType = ?, timestamp = ?
      where owner = ? and processorName = ? and segment = ? and token is not distinct from ?""";

  private final ConnectionProvider connections;
  private final String node;
  private final Duration positionInterval;
  private @Nullable Tokens recent;

  /** Positions of the claims that this node has stored, unless they were those of replays. */
  private final Map<Claim, StoredPosition> stored = new ConcurrentHashMap<>();

  /** Tokens of the claims of this node, as it read or has stored them; empty before any event. */
  private final Map<Claim, Optional<byte[]>> known = new ConcurrentHashMap<>();

  private record Claim(String processor, int segment) {}

  /**
   * Position of a claim in the table.
   *
   * @param nanos time of {@link System#nanoTime} at which it was stored
   * @param later position that was reached without a handled event, and not stored
   */
  private record StoredPosition(long nanos, @Nullable TrackingToken later) {}

  /**
   * Tokens of all processors.
   *
   * @param reverted claims whose tokens are not those that this node has stored
   * @param readNanos time before they were read
   */
  private record Tokens(
      Set<Claim> extended,
      Set<Claim> reverted,
      Map<String, List<AbstractTokenEntry<?>>> byProcessor,
      long readNanos) {
    boolean isRecent() {
      return System.nanoTime() - readNanos < INTERVAL.toNanos();
    }
  }

  NodeTokenStore(ConnectionProvider connections, Serializer serializer, String node) {
    this(connections, serializer, node, POSITION_INTERVAL);
  }

  NodeTokenStore(
      ConnectionProvider connections,
      Serializer serializer,
      String node,
      Duration positionInterval) {
    super(
        builder()
            .nodeId(node)
            .claimTimeout(CLAIM_TIMEOUT)
            .connectionProvider(connections)
            .schema(TokenSchema.builder().setTokenTable("token").build())
            .serializer(serializer));
    this.connections = connections;
    this.node = node;
    this.positionInterval = positionInterval;
  }

  @Override
  public void storeToken(@Nullable TrackingToken token, String processor, int segment) {
    var claim = new Claim(processor, segment);
    boolean isReplay = ReplayToken.isReplay(token);
    var last = stored.get(claim);
    if (!isReplay && last != null && isRecent(last) && !CurrentUnitOfWork.isStarted()) {
      extend(claim); // No event was handled.
      stored.put(claim, new StoredPosition(last.nanos(), token));
      return;
    }
    store(claim, token);
    if (isReplay) stored.remove(claim);
    else stored.put(claim, new StoredPosition(System.nanoTime(), null));
  }

  private void store(Claim claim, @Nullable TrackingToken token) {
    super.storeToken(token, claim.processor(), claim.segment());
    known.put(claim, bytes(serialize(token))); // The row is locked until the commit.
  }

  private @Nullable SerializedObject<byte[]> serialize(@Nullable TrackingToken token) {
    return new GenericTokenEntry<>(token, serializer(), byte[].class, "", 0).getSerializedToken();
  }

  private static Optional<byte[]> bytes(@Nullable SerializedObject<?> token) {
    return Optional.ofNullable(token).map(serialized -> (byte[]) serialized.getData());
  }

  @Override
  protected PreparedStatement storeUpdate(
      Connection connection, @Nullable TrackingToken token, String processor, int segment)
      throws SQLException {
    var last = known.get(new Claim(processor, segment));
    var serialized = serialize(token);
    if (last == null || serialized == null)
      return super.storeUpdate(connection, token, processor, segment);
    var update = connection.prepareStatement(STORE);
    update.setBytes(1, serialized.getData());
    update.setString(2, serialized.getType().getName());
    update.setString(3, formatInstant(AbstractTokenEntry.clock.instant()));
    update.setString(4, node);
    update.setString(5, processor);
    update.setInt(6, segment);
    update.setBytes(7, last.orElse(null));
    return update;
  }

  @Override
  protected TrackingToken claimToken(Connection connection, AbstractTokenEntry<?> entry)
      throws SQLException {
    var token = super.claimToken(connection, entry);
    var claim = new Claim(entry.getProcessorName(), entry.getSegment());
    known.put(claim, bytes(entry.getSerializedToken()));
    return token;
  }

  /** Rejects a position of a claim that is lost; Axon would claim a free token and set it back. */
  @Override
  protected void updateToken(
      Connection connection,
      ResultSet tokens,
      @Nullable TrackingToken token,
      String processor,
      int segment) {
    throw lost(new Claim(processor, segment));
  }

  private static UnableToClaimTokenException lost(Claim claim) {
    return new UnableToClaimTokenException(
        "the claim of " + claim.processor() + "[" + claim.segment() + "] is lost");
  }

  private boolean isRecent(StoredPosition position) {
    return System.nanoTime() - position.nanos() < positionInterval.toNanos();
  }

  @Override
  public TrackingToken fetchToken(String processor, int segment) {
    stored.remove(new Claim(processor, segment));
    return super.fetchToken(processor, segment);
  }

  @Override
  public TrackingToken fetchToken(String processor, Segment segment) {
    stored.remove(new Claim(processor, segment.getSegmentId()));
    return super.fetchToken(processor, segment);
  }

  /** Axon calls it on the thread that stores positions, and takes the last one for stored. */
  @Override
  public void extendClaim(String processor, int segment) {
    var claim = new Claim(processor, segment);
    var last = stored.get(claim);
    if (last == null || last.later() == null || isRecent(last)) extend(claim);
    else storeLater(claim, last.later());
  }

  private void extend(Claim claim) {
    var all = tokens();
    if (all.reverted().remove(claim)) throw lost(claim);
    if (!all.extended().contains(claim)) extendOwned(claim);
  }

  /**
   * Extends one claim. Axon would claim the token again if another node has had it and released it,
   * and continue at the position that this node remembers.
   */
  private void extendOwned(Claim claim) {
    try (var connection = connections.getConnection();
        var update = connection.prepareStatement(EXTEND_ONE)) {
      update.setString(1, formatInstant(AbstractTokenEntry.clock.instant()));
      update.setString(2, claim.processor());
      update.setInt(3, claim.segment());
      update.setString(4, node);
      if (update.executeUpdate() == 0) throw lost(claim);
    } catch (SQLException e) {
      throw new JdbcException("a claim of the node could not be extended", e);
    }
  }

  private void storeLater(Claim claim, TrackingToken later) {
    extendOwned(claim);
    store(claim, later);
    stored.put(claim, new StoredPosition(System.nanoTime(), null));
  }

  @Override
  public void releaseClaim(String processor, int segment) {
    var claim = new Claim(processor, segment);
    var last = stored.get(claim);
    if (last != null && last.later() != null)
      try {
        storeLater(claim, last.later());
      } catch (UnableToClaimTokenException e) {
        log.atDebug().setCause(e).log("another node has the claim");
      }
    stored.remove(claim);
    known.remove(claim);
    super.releaseClaim(processor, segment);
  }

  @Override
  public List<Segment> fetchAvailableSegments(String processor) {
    var known = tokens().byProcessor().get(processor);
    if (known == null) return super.fetchAvailableSegments(processor); // Initialized since.
    int[] segments = known.stream().mapToInt(AbstractTokenEntry::getSegment).toArray();
    return known.stream()
        .filter(token -> token.mayClaim(node, CLAIM_TIMEOUT))
        .map(token -> Segment.computeSegment(token.getSegment(), segments))
        .toList();
  }

  private synchronized Tokens tokens() {
    var known = recent;
    if (known == null || !known.isRecent()) {
      known = extendAll();
      recent = known;
    }
    return known;
  }

  /** Extends the claims of the node on the connection of the caller's transaction. */
  private Tokens extendAll() {
    long startNanos = System.nanoTime();
    try (var connection = connections.getConnection();
        var update = connection.prepareStatement(EXTEND)) {
      update.setString(1, formatInstant(AbstractTokenEntry.clock.instant()));
      update.setString(2, node);
      var extended = new HashSet<Claim>();
      Set<Claim> reverted = ConcurrentHashMap.newKeySet();
      var byProcessor = new HashMap<String, List<AbstractTokenEntry<?>>>();
      try (ResultSet rows = update.executeQuery()) {
        while (rows.next()) {
          var token = readTokenEntry(rows);
          byProcessor
              .computeIfAbsent(token.getProcessorName(), name -> new ArrayList<>())
              .add(token);
          if (!rows.getBoolean("is_extended")) continue;
          var claim = new Claim(token.getProcessorName(), token.getSegment());
          var last = known.get(claim);
          if (last == null || Arrays.equals(last.orElse(null), rows.getBytes("current")))
            extended.add(claim);
          else reverted.add(claim);
        }
      }
      return new Tokens(extended, reverted, byProcessor, startNanos);
    } catch (SQLException e) {
      throw new JdbcException("tokens of the node could not be read or extended", e);
    }
  }
}
