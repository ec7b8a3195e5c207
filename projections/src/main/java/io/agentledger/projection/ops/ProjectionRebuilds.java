package io.agentledger.projection.ops;

import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.RebuildStatus;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildEntry;
import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildKey;
import io.agentledger.store.postgres.SchemaOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Rebuilds of projections beside their live tables. One node works on each rebuild; when it stops,
 * another one, or the same after a restart, continues from the last batch. Thread-safe.
 */
public final class ProjectionRebuilds implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ProjectionRebuilds.class);

  /** Longer than any transaction of a living node. */
  private static final Duration DEAD_AFTER = Duration.ofSeconds(60);

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(25);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final EventProcessingConfiguration processing;
  private final SchemaOwner owner;
  private final ProjectionRebuild.Parts parts;
  private final Map<RebuildKey, Worker> workers = new ConcurrentHashMap<>();
  private volatile @Nullable ScheduledExecutorService checks;

  private record Worker(ProjectionRebuild rebuild, Thread thread) {}

  ProjectionRebuilds(
      EventProcessingConfiguration processing, SchemaOwner owner, ProjectionRebuild.Parts parts) {
    this.processing = processing;
    this.owner = owner;
    this.parts = parts;
  }

  /**
   * Starts a rebuild from the first event; rejected while one of this projection is in progress.
   */
  void start(String projection) {
    requireKnown(projection);
    work(
        parts
            .table()
            .start(projection, now())
            .orElseThrow(
                () -> new RejectionException(new OpsRejection.RebuildUnderway(projection))));
  }

  /** Cancels the rebuild in progress; the live tables stay as they are. */
  void cancel(String projection) {
    requireKnown(projection);
    workers.forEach( // Of each batch in progress, the rebuild is locked.
        (key, worker) -> {
          if (key.projection().equals(projection)) worker.rebuild().stop();
        });
    var cancelled =
        parts
            .table()
            .cancel(projection, now())
            .orElseThrow(
                () -> new RejectionException(new OpsRejection.RebuildNotRunning(projection)));
    shadow(cancelled).drop();
  }

  void requireNone(String projection) {
    if (parts.table().find(projection).filter(r -> r.status() == RebuildStatus.RUNNING).isPresent())
      throw new RejectionException(new OpsRejection.RebuildUnderway(projection));
  }

  /** Returns the last rebuild of a projection. */
  public Optional<ProjectionRebuildView> find(String projection, long head) {
    requireKnown(projection);
    return parts.table().find(projection).map(entry -> view(entry, head));
  }

  private static ProjectionRebuildView view(RebuildEntry entry, long head) {
    double seconds = entry.active().toMillis() / 1000.0;
    Double rate = entry.events() == 0 || seconds == 0 ? null : entry.events() / seconds;
    boolean running = entry.status() == RebuildStatus.RUNNING;
    return new ProjectionRebuildView(
        entry.key().projection(),
        entry.status(),
        entry.position(),
        running ? head : entry.position(),
        entry.events(),
        rate == null ? null : Math.round(rate),
        running && rate != null
            ? (long) Math.ceil(Math.max(0, head - entry.position()) / rate)
            : null,
        entry.startedAt(),
        entry.endedAt(),
        entry.failure());
  }

  private void requireKnown(String projection) {
    if (!ProjectionTables.BY_PROJECTION.containsKey(projection))
      throw new RejectionException(new Rejection.NotFound("projection", projection));
  }

  private ShadowTables shadow(RebuildKey key) {
    return new ShadowTables(owner, key);
  }

  private void work(RebuildKey key) {
    workers.computeIfAbsent(
        key,
        name -> {
          var handlers =
              (EventHandlerInvoker)
                  processing.sequencedDeadLetterProcessor(key.projection()).orElseThrow();
          var rebuild = new ProjectionRebuild(key, handlers, shadow(key), parts);
          var thread =
              Thread.ofPlatform()
                  .name("rebuild-" + key.projection())
                  .daemon()
                  .unstarted(
                      () -> {
                        try {
                          rebuild.run();
                        } finally {
                          workers.remove(key);
                        }
                      });
          thread.start();
          return new Worker(rebuild, thread);
        });
  }

  /** Continues rebuilds that no living node works on, and deletes the tables of ended ones. */
  private void check() {
    try {
      for (String schema : parts.table().findLeftSchemas()) ShadowTables.drop(owner, schema);
      for (RebuildKey left : parts.table().claim(now(), now().minus(DEAD_AFTER))) work(left);
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("rebuilds of projections were not checked");
    }
  }

  private Instant now() {
    return parts.clock().instant();
  }

  @Override
  public void start() {
    var executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rebuild-check").daemon().factory());
    executor.scheduleWithFixedDelay(
        this::check, 0, CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    checks = executor;
  }

  @Override
  public void stop() {
    var executor = checks;
    if (executor != null) executor.shutdownNow();
    checks = null;
    var stopping = Map.copyOf(workers);
    stopping.values().forEach(worker -> worker.rebuild().stop());
    stopping.forEach(
        (key, worker) -> {
          try {
            if (worker.thread().join(STOP_TIMEOUT)) parts.table().release(key);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public boolean isRunning() {
    return checks != null;
  }
}
