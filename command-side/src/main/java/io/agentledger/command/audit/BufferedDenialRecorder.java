package io.agentledger.command.audit;

import io.agentledger.api.audit.AuditCommand.CountDenials;
import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.audit.AuditId;
import io.agentledger.api.audit.DenialRecorder;
import io.agentledger.api.audit.DenialRecorder.Denial;
import io.agentledger.api.audit.DenialRecorder.Reason;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Counts denials in memory and records them at the end of each minute, and when the node stops. A
 * flood has bounded cost: denials beyond {@link #DISTINCT_DENIALS_MAX} distinct ones are added to a
 * single overflow counter per kind and minute, and in an outage to the one of the first minute.
 */
final class BufferedDenialRecorder implements DenialRecorder, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(BufferedDenialRecorder.class);

  /** Maximum number of distinct denials that wait to be recorded. */
  static final int DISTINCT_DENIALS_MAX = 1000;

  /**
   * Stops after the servers, which have higher phases, and before Axon, whose phase is the highest
   * minus 3072.
   */
  private static final int PHASE = Integer.MAX_VALUE - 3000;

  private static final String OVERFLOW = "*";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Time after which no further recording begins, also during a stop. */
  private static final Duration FLUSH_TIME = Duration.ofSeconds(10);

  private final CommandGateway commands;
  private final Supplier<TenantId> foundingTenant;
  private final Clock clock;
  private final String node;
  private final int distinctMax;
  private Map<Key, Counter> counters = new HashMap<>();
  private volatile @Nullable TenantId founder;
  private volatile ScheduledExecutorService scheduler;

  /**
   * @param foundingTenant the tenant whose audit records denials of an unknown tenant; asked once
   */
  BufferedDenialRecorder(
      CommandGateway commands, Supplier<TenantId> foundingTenant, Clock clock, String node) {
    this(commands, foundingTenant, clock, node, DISTINCT_DENIALS_MAX);
  }

  /**
   * @param distinctMax number of distinct denials; with overflows, there are twice as many counters
   */
  BufferedDenialRecorder(
      CommandGateway commands,
      Supplier<TenantId> foundingTenant,
      Clock clock,
      String node,
      int distinctMax) {
    this.distinctMax = distinctMax;
    this.commands = commands;
    this.foundingTenant = foundingTenant;
    this.clock = clock;
    this.node = node;
    this.scheduler = stoppedScheduler();
  }

  private static ScheduledExecutorService stoppedScheduler() {
    var none = Executors.newSingleThreadScheduledExecutor();
    none.shutdown();
    return none;
  }

  private Instant currentMinute() {
    return clock.instant().truncatedTo(ChronoUnit.MINUTES);
  }

  /** Common properties of denials that are counted together; unknown ones are null or empty. */
  private record Key(
      Instant minute,
      String ip,
      Reason reason,
      String route,
      @Nullable TenantId tenantId,
      @Nullable CredentialId credentialId,
      @Nullable Actor actor) {
    static Key of(Instant minute, Denial denial) {
      return new Key(
          minute,
          denial.source().ip(),
          denial.reason(),
          denial.route(),
          denial.tenantId(),
          denial.credentialId(),
          denial.actor());
    }

    /** Returns the overflow counter of the same kind, without source, route and caller. */
    Key overflow() {
      return new Key(minute, OVERFLOW, reason, OVERFLOW, null, null, null);
    }

    boolean isOverflowOf(Key other) {
      return ip.equals(OVERFLOW) && reason == other.reason;
    }
  }

  /** Number of denials, with the ids of the first and the last request. */
  private record Counter(
      long count, String userAgent, String firstRequestId, String lastRequestId) {
    Counter plus(Counter later) {
      return new Counter(count + later.count, later.userAgent, firstRequestId, later.lastRequestId);
    }
  }

  @Override
  public synchronized void count(Denial denial) {
    var requestId = denial.requestId();
    var counter = new Counter(1, denial.source().userAgent(), requestId, requestId);
    counters.merge(keyWithinLimit(Key.of(currentMinute(), denial)), counter, Counter::plus);
  }

  private Key keyWithinLimit(Key key) {
    if (counters.containsKey(key) || counters.size() < distinctMax) return key;
    var overflow = key.overflow();
    return counters.containsKey(overflow) || counters.size() < 2 * distinctMax
        ? overflow
        : counters.keySet().stream()
            .filter(known -> known.isOverflowOf(key))
            .min(Comparator.comparing(Key::minute))
            .orElse(overflow);
  }

  /** Records the counted denials; those that cannot be recorded are kept for the next attempt. */
  void flush() {
    Map<Key, Counter> drained;
    synchronized (this) {
      drained = counters;
      counters = new HashMap<>();
    }
    long began = System.nanoTime();
    drained.entrySet().stream()
        .collect(Collectors.groupingBy(entry -> Batch.of(entry.getKey())))
        .entrySet()
        .stream()
        .sorted(Comparator.comparing(batch -> batch.getKey().minute()))
        .forEach(
            batch -> {
              if (System.nanoTime() - began < FLUSH_TIME.toNanos()) {
                record(batch.getKey(), batch.getValue());
                return;
              }
              log.atWarn()
                  .addKeyValue("tenantId", batch.getKey().tenant())
                  .log("recording denials takes too long; retrying later");
              mergeBack(batch.getValue());
            });
  }

  /** Denials that are recorded together; null for those of an unknown tenant. */
  private record Batch(@Nullable TenantId tenant, Instant minute) {
    static Batch of(Key key) {
      return new Batch(key.tenantId(), key.minute());
    }
  }

  private TenantId founder() {
    var known = founder;
    if (known == null) founder = known = foundingTenant.get();
    return known;
  }

  private void record(Batch batch, List<Map.Entry<Key, Counter>> counted) {
    var tenant = batch.tenant();
    try {
      if (tenant == null) tenant = founder();
      var day = batch.minute().atOffset(ZoneOffset.UTC).toLocalDate();
      var command =
          new CountDenials(
              AuditId.of(tenant, day),
              node,
              batch.minute(),
              counted.stream().map(entry -> toCount(entry.getKey(), entry.getValue())).toList());
      var provenance = Provenance.ofSystem(tenant, Ids.random("req"));
      commands.sendAndWait(
          GenericCommandMessage.asCommandMessage(command).withMetaData(provenance.asMetadata()));
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("tenantId", tenant)
          .setCause(e)
          .log("could not record denials; retrying later");
      mergeBack(counted);
    }
  }

  private synchronized void mergeBack(Collection<Map.Entry<Key, Counter>> counted) {
    for (var entry : counted)
      counters.merge(
          keyWithinLimit(entry.getKey()),
          entry.getValue(),
          (later, earlier) -> earlier.plus(later));
  }

  private static Count toCount(Key key, Counter counter) {
    return new Count(
        key.ip(),
        key.reason(),
        key.route(),
        key.credentialId() == null ? "" : key.credentialId().value(),
        key.actor() == null ? "" : key.actor().toString(),
        counter.userAgent(),
        counter.firstRequestId(),
        counter.lastRequestId(),
        counter.count());
  }

  @Override
  public void start() {
    scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("denials").daemon().factory());
    var rest = Duration.between(clock.instant(), currentMinute().plus(MINUTE));
    scheduler.scheduleAtFixedRate(
        this::flush, rest.toMillis(), MINUTE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    scheduler.shutdownNow();
    flush();
  }

  @Override
  public boolean isRunning() {
    return !scheduler.isShutdown();
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
