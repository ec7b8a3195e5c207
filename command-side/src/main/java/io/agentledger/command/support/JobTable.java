package io.agentledger.command.support;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Table of jobs with this node's scheduler, which starts after everything that a job may call, and
 * stops before it. Jobs that the previous instance of this node had picked are released first; the
 * {@link JobPoller} finds those of other nodes. Thread-safe.
 *
 * @param <T> data of the jobs
 */
public final class JobTable<T> implements SmartLifecycle, DueWork {
  static final int PHASE = Integer.MAX_VALUE - 1000;

  /** Time for the heartbeats of living nodes before a look for dead ones. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  /** Threads that send heartbeats and look for dead nodes. */
  private static final int HOUSEKEEPERS = 3;

  /** Serializer of the data of jobs in their tables. */
  public static final Serializer SERIALIZER = new Jackson3Serializer();

  /** Only a fallback: {@link JobPoller} finds due jobs and dead nodes. */
  private static final Duration POLL = Duration.ofMinutes(10);

  /** Jobs for whose time this node waits; {@link JobPoller} finds the others. */
  private static final int TIMERS_MAX = 10_000;

  /** Time before jobs are interrupted, and again until they are put back for another node. */
  private static final Duration STOP_TIMEOUT = Duration.ofMillis(400);

  private final Queue queue;
  private final Scheduler scheduler;
  private final Runnable stopper;
  private final Optional<DueWork> deadNodes;
  private final OrphanedJobs orphanedJobs;
  private final JdbcClient sql;
  private final Map<String, Instant> timers = new ConcurrentHashMap<>();
  private volatile boolean running;

  /**
   * Names of a table of jobs.
   *
   * @param name in metrics and health
   * @param node under whose name jobs are picked
   * @param precedence time after a job is due in which the poller leaves it to the node that has
   *     enqueued it
   * @param heartbeats of a node for its jobs in progress
   */
  public record Queue(
      String name, String table, String node, Duration precedence, Heartbeats heartbeats) {
    /** Creates a queue whose jobs any node may pick at once. */
    public Queue(String name, String table, String node) {
      this(name, table, node, Duration.ZERO, new Heartbeats(Duration.ofSeconds(15), 4));
    }
  }

  /**
   * Heartbeats of a node.
   *
   * @param missedMax number of missed ones after which a node is dead and its jobs are repeated; at
   *     least 4
   */
  public record Heartbeats(Duration interval, int missedMax) {}

  JobTable(Queue queue, JobConnections database, Scheduler scheduler, Runnable stopper) {
    this(queue, database, scheduler, stopper, Optional.empty());
  }

  private JobTable(
      Queue queue,
      JobConnections database,
      Scheduler scheduler,
      Runnable stopper,
      Optional<DueWork> deadNodes) {
    this.queue = queue;
    this.scheduler = scheduler;
    this.stopper = stopper;
    this.deadNodes = deadNodes;
    this.orphanedJobs = new OrphanedJobs(database.dataSource(), queue.table());
    this.sql = JdbcClient.create(database.dataSource());
  }

  /**
   * Creates a table of jobs, which uses virtual threads only.
   *
   * @param threads number of jobs in progress at most. The scheduler picks as many, but its
   *     statement may lock more: PostgreSQL may evaluate the limit in it more than once
   * @param settings further settings of the scheduler
   */
  public static <T> JobTable<T> create(
      Queue queue,
      JobConnections database,
      Task<T> task,
      int threads,
      Consumer<SchedulerBuilder> settings) {
    var heartbeats = new HeartbeatScheduler(queue, threadsOf(queue.name() + "-housekeeping"));
    var builder =
        Scheduler.create(database.dataSource(), task)
            .tableName(queue.table())
            .schedulerName(new SchedulerName.Fixed(queue.node()))
            .serializer(SERIALIZER)
            .threads(threads)
            .executorService(Executors.newFixedThreadPool(threads, threadsOf(queue.name())))
            .dueExecutor(Executors.newSingleThreadExecutor(threadsOf(queue.name() + "-due")))
            .housekeeperExecutor(heartbeats)
            .pollingInterval(POLL)
            .heartbeatInterval(queue.heartbeats().interval())
            .missedHeartbeatsLimit(queue.heartbeats().missedMax())
            .shutdownMaxWait(STOP_TIMEOUT);
    settings.accept(builder);
    var scheduler = builder.build();
    return new JobTable<>(queue, database, scheduler, scheduler::stop, Optional.of(heartbeats));
  }

  /**
   * Executor of the two periodic tasks of a scheduler: the look for dead nodes, which it passes
   * first, and the heartbeats. The {@link JobPoller} decides when to look for dead nodes; by itself
   * the scheduler would do it at every second heartbeat, with a statement for each table.
   *
   * <p>Each time a task runs in a new thread: an old one would prefer the connection that it used
   * last, which the pool tests after the long pause.
   */
  private static final class HeartbeatScheduler extends ScheduledThreadPoolExecutor
      implements DueWork {
    private final Queue queue;
    private final ThreadFactory threads;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Runnable deadNodeLook;

    HeartbeatScheduler(Queue queue, ThreadFactory threads) {
      super(HOUSEKEEPERS, threads);
      this.queue = queue;
      this.threads = threads;
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long firstDelay, long delay, TimeUnit unit) {
      Runnable inNewThread = () -> execute(task, threads);
      boolean isFirst = deadNodeLook == null;
      if (isFirst) deadNodeLook = inNewThread;
      long pause = isFirst ? unit.convert(POLL) : delay;
      return super.scheduleWithFixedDelay(inNewThread, firstDelay, pause, unit);
    }

    @Override
    public String name() {
      return "heartbeats of " + queue.table();
    }

    @Override
    public String nextDue() {
      var heartbeats = queue.heartbeats();
      return "(select min(last_heartbeat) + interval '%d ms' from %s where picked)"
          .formatted(
              heartbeats.interval().multipliedBy(heartbeats.missedMax()).toMillis(), queue.table());
    }

    /**
     * Looks for dead nodes after the next heartbeats of living ones, which are overdue, too, after
     * an outage of the database; one look at a time, because a look may wait for locks.
     */
    @Override
    public void wake() {
      var look = deadNodeLook;
      if (look == null || !looking.compareAndSet(false, true)) return;
      long delay = queue.heartbeats().interval().plus(MARGIN).toMillis();
      schedule(() -> lookOnce(look), delay, TimeUnit.MILLISECONDS);
    }

    private void lookOnce(Runnable look) {
      try {
        look.run();
      } finally {
        looking.set(false);
      }
    }

    private static void execute(Runnable task, ThreadFactory threads) {
      var thread = threads.newThread(task);
      thread.start();
      try {
        thread.join();
      } catch (InterruptedException stopped) {
        thread.interrupt();
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ThreadFactory threadsOf(String name) {
    return Thread.ofVirtual().name(name + "-", 0).factory();
  }

  public Queue queue() {
    return queue;
  }

  /** Returns the look for jobs of dead nodes; empty if the scheduler looks for them itself. */
  Optional<DueWork> deadNodes() {
    return deadNodes;
  }

  /**
   * Enqueues a job in the caller's transaction; this node picks it as soon as it is committed and
   * due, other nodes find it by polling. Idempotent.
   */
  public void enqueue(TaskInstance<T> job, Instant due) {
    insert(job, due, "nothing");
    afterCommit(() -> pickAt(job.getId(), due));
  }

  /**
   * Enqueues a job in the caller's transaction, or brings it forward if it is due later. A job in
   * progress stays as it is: its end must look for what is due under a lock that the caller holds.
   */
  public void enqueueOrBringForward(TaskInstance<T> job, Instant due) {
    insertOrMove(job, due, "job.execution_time > excluded.execution_time");
  }

  /** As {@link #enqueueOrBringForward}, but a job that waits may also become due later. */
  public void enqueueOrMove(TaskInstance<T> job, Instant due) {
    insertOrMove(job, due, "job.execution_time <> excluded.execution_time");
  }

  private void insertOrMove(TaskInstance<T> job, Instant due, String moves) {
    int changed =
        insert(
            job,
            due,
            """
            update
            set execution_time = excluded.execution_time, version = job.version + 1
            where not job.picked and %s"""
                .formatted(moves));
    if (changed > 0) afterCommit(() -> pickAt(job.getId(), due));
  }

  /**
   * Inserts a job, or does this with an existing one. The scheduler would need two statements, or
   * three, and an insertion at the same time would fail.
   */
  private int insert(TaskInstance<T> job, Instant due, String otherwise) {
    return sql.sql(
            """
            insert into %s as job
              (task_name, task_instance, task_data, execution_time, picked, version)
            values (?, ?, ?, ?, false, 1)
            on conflict (task_name, task_instance) do %s"""
                .formatted(queue.table(), otherwise))
        .params(
            job.getTaskName(),
            job.getId(),
            SERIALIZER.serialize(job.getData()),
            Timestamp.from(due))
        .update();
  }

  /** Removes a job that waits; one in progress stays. */
  public void remove(TaskInstanceId job) {
    timers.remove(job.getId());
    sql.sql(
            "delete from %s where task_name = ? and task_instance = ? and not picked"
                .formatted(queue.table()))
        .params(job.getTaskName(), job.getId())
        .update();
  }

  /** Brings a job that waits forward, so that this node picks it now; one in progress stays. */
  public void bringForward(TaskInstanceId job) {
    var now = new Timestamp(System.currentTimeMillis()); // The scheduler's clock.
    int changed =
        sql.sql(
                """
                update %s set execution_time = ?, version = version + 1
                where task_name = ? and task_instance = ? and not picked and execution_time > ?"""
                    .formatted(queue.table()))
            .params(now, job.getTaskName(), job.getId(), now)
            .update();
    if (changed > 0) wake();
  }

  /** Acts after the unit of work of a message, or else the transaction, is committed. */
  private static void afterCommit(Runnable action) {
    if (CurrentUnitOfWork.isStarted()) CurrentUnitOfWork.get().afterCommit(unit -> action.run());
    else
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              action.run();
            }
          });
  }

  private void pickAt(String job, Instant due) {
    long millis = due.toEpochMilli() - System.currentTimeMillis(); // The scheduler's clock.
    if (millis <= 0) wake();
    else if (timers.size() < TIMERS_MAX) {
      timers.put(job, due);
      CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
          .execute(
              () -> {
                if (timers.remove(job, due)) wake(); // Otherwise it was moved.
              });
    }
  }

  @Override
  public String name() {
    return queue.table();
  }

  @Override
  public String nextDue() {
    return "(select min(execution_time) + interval '%d ms' from %s where not picked)"
        .formatted(queue.precedence().toMillis(), queue.table());
  }

  /** Picks the jobs that are due. */
  @Override
  public void wake() {
    scheduler.triggerCheckForDueExecutions();
  }

  @Override
  public void start() {
    orphanedJobs.releaseOf(queue.node());
    scheduler.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    stopper.run();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
