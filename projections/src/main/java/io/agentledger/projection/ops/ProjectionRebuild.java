package io.agentledger.projection.ops;

import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildEntry;
import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildKey;
import io.agentledger.projection.ops.RebuildReader.Batch;
import io.agentledger.store.event.NotifyingEventStore;
import io.agentledger.store.postgres.RelaxedCommit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rebuild of one projection on this node. The event handlers of the projection fill the shadow
 * tables, never beyond the position of the live projection; once both are equal, the shadow tables
 * replace the live ones, and the live projection goes on from its own position. Runs on one thread.
 */
final class ProjectionRebuild implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ProjectionRebuild.class);

  /** Events that are handled in one transaction. */
  private static final int BATCH_MAX = 2000;

  /** Events of the first batch, whose time is not known. */
  private static final int BATCH_FIRST = 200;

  /** Time of one batch, which a cancellation waits for. */
  private static final Duration BATCH_TIME = Duration.ofSeconds(1);

  /** Events that are handled while the live tables are locked; with more, it is tried again. */
  private static final long EVENTS_UNDER_LOCK_MAX = 500;

  private static final int FAILURES_MAX = 10;

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
  private static final int FAILURE_LENGTH_MAX = 500;

  private final RebuildKey key;
  private final String projection;
  private final Parts parts;
  private final ShadowTables shadow;
  private final EventHandlerInvoker handlers;
  private final RebuildReader reader;
  private volatile boolean stopped;
  private long position = -1;
  private int batchMax = BATCH_FIRST;

  /** Whether the next batch is repeated; then rows are looked up before they are inserted. */
  private boolean repeated;

  /**
   * Components of a rebuild.
   *
   * @param settings with the build of the software that fills the tables; another begins again
   */
  record Parts(
      NotifyingEventStore store,
      TransactionManager transactions,
      JdbcTemplate sql,
      StoredTokens tokens,
      ProjectionRebuildTable table,
      Environment settings,
      Clock clock) {}

  ProjectionRebuild(
      RebuildKey key, EventHandlerInvoker handlers, ShadowTables shadow, Parts parts) {
    this.key = key;
    this.projection = key.projection();
    this.handlers = handlers;
    this.reader = new RebuildReader(projection, handlers, parts.store());
    this.shadow = shadow;
    this.parts = parts;
  }

  /** Another node continues, or the rebuild has ended. */
  private static final class NotOwnedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Ends the work after the batch that is being handled; another node may continue it. */
  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    try (reader) {
      rebuild();
    }
  }

  private void rebuild() {
    int failures = 0;
    boolean prepared = false;
    while (!stopped)
      try {
        if (!prepared) prepare();
        prepared = true;
        if (step()) return;
        failures = 0;
        repeated = false;
      } catch (NotOwnedException ended) {
        return;
      } catch (RuntimeException e) {
        repeated = true;
        reader.slowDown();
        batchMax = Math.max(1, batchMax / 4); // Each poison event of a batch costs an attempt.
        if (++failures == FAILURES_MAX) {
          fail(e);
          return;
        }
        log.atWarn().setCause(e).addKeyValue("projection", projection).log("rebuild interrupted");
        pause(PAUSE.multipliedBy(1L << Math.min(failures, 5)));
      }
  }

  /** Continues with the shadow tables of an earlier run if they fit, and creates them otherwise. */
  private void prepare() {
    var entry =
        parts
            .table()
            .find(projection)
            .filter(last -> last.key().equals(key))
            .orElseThrow(NotOwnedException::new);
    position = entry.position();
    if (!shadow.asOwner(owner -> hasTables(entry, owner))) throw new NotOwnedException();
  }

  private boolean hasTables(RebuildEntry entry, Connection owner) throws SQLException {
    String shape = shadow.shape(owner) + " " + build();
    if (position >= 0 && entry.shape().equals(shape)) return true;
    position = -1;
    String application =
        JdbcClient.create(parts.sql())
            .sql("select quote_ident(current_user)")
            .query(String.class)
            .single();
    return shadow.create(owner, application, sql -> parts.table().restart(sql, key, shape));
  }

  private String build() {
    return parts.settings().getProperty("agentledger.version", "")
        + " "
        + parts.settings().getProperty("agentledger.revision", "");
  }

  /** Handles the next events, or replaces the live tables; returns whether it is complete. */
  private boolean step() {
    long live = livePosition();
    if (position < live) {
      handleNext(live);
      return false;
    }
    requireOwned();
    if (shadow.createIndexesOfReaders()) return false; // Events came meanwhile.
    if (shadow.asOwner(this::complete)) return true;
    pause(PAUSE_MAX);
    return false;
  }

  /** Ends the rebuild; returns false if it is to be tried again. */
  private boolean complete(Connection owner) throws SQLException {
    shadow.analyze(owner);
    long lettersNew = shadow.countNewDeadLetters(owner);
    if (lettersNew > 0)
      return end(lettersNew + " sequences of events failed that the projection has processed");
    if (!shadow.replaceLiveTables(owner, replacement(owner))) return false;
    log.atInfo().addKeyValue("projection", projection).log("projection rebuilt");
    return true;
  }

  private ShadowTables.Replacement replacement(Connection owner) {
    return new ShadowTables.Replacement() {
      private long live;

      @Override
      public boolean prepare() {
        live = livePosition();
        if (live - position > EVENTS_UNDER_LOCK_MAX) return false;
        while (position < live) handleNext(live);
        return position == live
            && shadow.countNewDeadLetters(owner) == 0; // The next step ends with it.
      }

      @Override
      public boolean complete(JdbcTemplate sql) {
        return parts.table().complete(sql, key, parts.clock().instant()) && livePosition() == live;
      }
    };
  }

  private void requireOwned() {
    if (!parts.table().keep(key, parts.clock().instant())) throw new NotOwnedException();
  }

  /** Handles the next batch of events up to the live position in one transaction. */
  private void handleNext(long live) {
    long began = System.nanoTime();
    var batch = reader.next(position, live, batchMax, repeated);
    if (batch.events().isEmpty())
      parts
          .transactions()
          .executeInTransaction(
              () -> {
                beginBatch();
                advance(batch, began);
              });
    else {
      handle(batch, began);
      adaptBatch(batch.events().size(), System.nanoTime() - began);
    }
    position = batch.last();
  }

  /** Lets the next batch take about {@link #BATCH_TIME}. */
  private void adaptBatch(int events, long nanos) {
    long fitting = events * BATCH_TIME.toNanos() / Math.max(1, nanos);
    batchMax = Math.clamp(fitting, Math.max(1, batchMax / 4), Math.min(BATCH_MAX, batchMax * 2));
  }

  private void handle(Batch batch, long began) {
    var unit = new BatchingUnitOfWork<>(batch.events());
    unit.attachTransaction(parts.transactions());
    unit.onPrepareCommit(work -> advance(batch, began));
    var result =
        unit.executeWithResult(
            () -> {
              if (unit.isFirstMessage()) beginBatch();
              handlers.handle(unit.getMessage(), Segment.ROOT_SEGMENT);
              return true;
            },
            RollbackConfigurationType.ANY_THROWABLE);
    if (!result.isExceptional()) return;
    if (result.exceptionResult() instanceof RuntimeException failure) throw failure;
    throw new IllegalStateException(result.exceptionResult());
  }

  private void advance(Batch batch, long began) {
    var duration = Duration.ofNanos(System.nanoTime() - began);
    long events = batch.last() - Math.max(0, position);
    parts.table().advance(key, batch.last(), events, duration, parts.clock().instant());
  }

  private void beginBatch() {
    if (!parts.table().lock(key, position)) throw new NotOwnedException();
    parts.sql().execute(this::useShadowTables);
  }

  private boolean useShadowTables(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.execute(
          RelaxedCommit.OF_TRANSACTION
              + ("; set local search_path = " + shadow.schema() + ", public"));
    }
  }

  private long livePosition() {
    return parts.tokens().positionOf(projection);
  }

  private void fail(RuntimeException failure) {
    log.atError()
        .setCause(failure)
        .addKeyValue("projection", projection)
        .log("rebuild failed; the live tables are unchanged");
    end(failure.getClass().getSimpleName());
  }

  private boolean end(String failure) {
    String text = failure.substring(0, Math.min(failure.length(), FAILURE_LENGTH_MAX));
    parts.table().fail(key, text, parts.clock().instant());
    shadow.drop();
    return true;
  }

  /** Waits in steps, so that a stopped rebuild ends soon. */
  private void pause(Duration duration) {
    long end = System.nanoTime() + Math.min(duration.toNanos(), PAUSE_MAX.toNanos());
    for (long left = end - System.nanoTime(); !stopped && left > 0; left = end - System.nanoTime())
      LockSupport.parkNanos(this, Math.min(left, PAUSE.toNanos()));
  }
}
