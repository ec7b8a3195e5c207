package io.agentledger.projection.ops;

import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.RebuildStatus;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildEntry;
import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildKey;
import io.agentledger.store.postgres.SchemaOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.deadletter.DeadLetteringEventHandlerInvoker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Rebuilds of projections beside their live tables. One node works on each rebuild; when it stops,
 * another one, or the same after a restart, continues from the last batch. A node works on few at
 * the same time, the others wait for their turn. Thread-safe.
 */
public final class ProjectionRebuilds implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ProjectionRebuilds.class);

  /** Longer than any transaction of a living node. */
  private static final Duration DEAD_AFTER = Duration.ofSeconds(60);

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(25);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration THREAD_IDLE_MAX = Duration.ofSeconds(5);

  /** Rebuilds with most of the work; they begin first, so that none of them is left at the end. */
  private static final List<String> LONGEST = List.of("session", "search");

  /** Each has two more threads, which read, and up to three connections. */
  private static final int ACTIVE_MAX =
      Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);

  private final EventProcessingConfiguration processing;
  private final SchemaOwner owner;
  private final ProjectionRebuild.Parts parts;
  private final Map<RebuildKey, Worker> workers = new ConcurrentHashMap<>();
  private volatile @Nullable ScheduledExecutorService checks;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          ACTIVE_MAX,
          ACTIVE_MAX,
          THREAD_IDLE_MAX.toMillis(),
          TimeUnit.MILLISECONDS,
          new PriorityBlockingQueue<>(), // At most one for each projection.
          Thread.ofPlatform().name("rebuild-", 1).daemon().factory());

  /** Rebuild that this node works on, or that waits for its turn. */
  private final class Worker implements Runnable, Comparable<Worker> {
    private final RebuildKey key;
    private final ProjectionRebuild rebuild;
    private final CountDownLatch ended = new CountDownLatch(1);

    Worker(RebuildKey key, ProjectionRebuild rebuild) {
      this.key = key;
      this.rebuild = rebuild;
    }

    @Override
    public void run() {
      try {
        rebuild.run();
      } finally {
        end();
      }
    }

    /** Ends the work after the current batch, or at once if it has not begun. */
    void stop() {
      rebuild.stop();
      if (threads.remove(this)) end();
    }

    private void end() {
      workers.remove(key);
      ended.countDown();
    }

    @Override
    public int compareTo(Worker other) {
      return Integer.compare(order(), other.order());
    }

    private int order() {
      int index = LONGEST.indexOf(key.projection());
      return index < 0 ? LONGEST.size() : index;
    }
  }

  ProjectionRebuilds(
      EventProcessingConfiguration processing, SchemaOwner owner, ProjectionRebuild.Parts parts) {
    this.processing = processing;
    this.owner = owner;
    this.parts = parts;
    threads.allowCoreThreadTimeOut(true);
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
          if (key.projection().equals(projection)) worker.stop();
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
          var rebuild =
              new ProjectionRebuild(key, handlersOf(key.projection()), shadow(key), parts);
          var worker = new Worker(key, rebuild);
          threads.execute(worker);
          return worker;
        });
  }

  /**
   * Returns an invoker of the projection's handlers for one rebuild. An invoker remembers which
   * sequences have dead letters, and those of a rebuild are others than those of the live tables.
   */
  private EventHandlerInvoker handlersOf(String projection) {
    var live =
        (DeadLetteringEventHandlerInvoker)
            processing.sequencedDeadLetterProcessor(projection).orElseThrow();
    return DeadLetteringEventHandlerInvoker.builder()
        .eventHandlers(live.eventHandlers())
        .listenerInvocationErrorHandler(live.getListenerInvocationErrorHandler())
        .sequencingPolicy(live.getSequencingPolicy())
        .queue(processing.deadLetterQueue(projection).orElseThrow())
        .enqueuePolicy(processing.deadLetterPolicy(projection).orElseThrow())
        .transactionManager(parts.transactions())
        .enableSequenceIdentifierCache()
        .build();
  }

  /**
   * Continues rebuilds that no living node works on, and deletes the tables of ended ones. Claims
   * those again that wait here, so that no other node does.
   */
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
    var stopping = OrderedCopy.of(workers);
    stopping.values().forEach(Worker::stop);
    stopping.forEach(
        (key, worker) -> {
          try {
            if (worker.ended.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
              parts.table().release(key);
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
