package io.agentledger.command.audit;

import io.agentledger.api.audit.AuditCommand.CountDenials;
import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.audit.AuditId;
import io.agentledger.api.audit.DenialRecorder;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Counts denials in memory and records them once a minute, and when the node stops. A flood has
 * bounded cost: denials beyond {@link #DISTINCT_DENIALS_MAX} distinct ones are added to a single
 * overflow counter per kind.
 */
final class BufferedDenialRecorder implements DenialRecorder, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(BufferedDenialRecorder.class);

  /** Maximum number of distinct denials in a minute. */
  static final int DISTINCT_DENIALS_MAX = 1000;

  /**
   * Stops after the servers, which have higher phases, and before Axon, whose phase is the highest
   * minus 3072.
   */
  private static final int PHASE = Integer.MAX_VALUE - 3000;

  private static final String OVERFLOW = "*";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final CommandGateway commands;
  private final Supplier<TenantId> foundingTenant;
  private final Clock clock;
  private final String node;
  private Map<Denial, Long> counts = new HashMap<>();
  private Instant since;
  private volatile ScheduledExecutorService scheduler;

  /**
   * @param foundingTenant the tenant whose audit records denials of an unknown tenant
   */
  BufferedDenialRecorder(
      CommandGateway commands, Supplier<TenantId> foundingTenant, Clock clock, String node) {
    this.commands = commands;
    this.foundingTenant = foundingTenant;
    this.clock = clock;
    this.node = node;
    this.since = currentMinute();
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

  @Override
  public synchronized void count(Denial denial) {
    boolean hasCapacity = counts.containsKey(denial) || counts.size() < DISTINCT_DENIALS_MAX;
    counts.merge(hasCapacity ? denial : overflow(denial), 1L, Long::sum);
  }

  /** Returns the overflow counter of the denial's kind, without source, route and credential. */
  private static Denial overflow(Denial denial) {
    return new Denial(OVERFLOW, denial.reason(), OVERFLOW, null, null);
  }

  /** Records the counted denials; those that cannot be recorded are kept for the next attempt. */
  void flush() {
    Map<Denial, Long> drained;
    Instant startedAt;
    synchronized (this) {
      drained = counts;
      startedAt = since;
      counts = new HashMap<>();
      since = currentMinute();
    }
    if (drained.isEmpty()) return;
    var byTenant =
        drained.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    entry ->
                        entry.getKey().tenantId() == null
                            ? foundingTenant.get()
                            : entry.getKey().tenantId()));
    byTenant.forEach((tenant, counted) -> record(tenant, startedAt, counted));
  }

  private void record(TenantId tenant, Instant startedAt, List<Map.Entry<Denial, Long>> counted) {
    try {
      var day = startedAt.atOffset(ZoneOffset.UTC).toLocalDate();
      var command =
          new CountDenials(
              AuditId.of(tenant, day),
              node,
              startedAt,
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

  private synchronized void mergeBack(List<Map.Entry<Denial, Long>> counted) {
    for (var entry : counted) {
      boolean hasCapacity =
          counts.containsKey(entry.getKey()) || counts.size() < DISTINCT_DENIALS_MAX;
      counts.merge(
          hasCapacity ? entry.getKey() : overflow(entry.getKey()), entry.getValue(), Long::sum);
    }
  }

  private static Count toCount(Denial denial, long count) {
    var credential = denial.credentialId();
    return new Count(
        denial.ip(),
        denial.reason(),
        denial.route(),
        credential == null ? "" : credential.value(),
        count);
  }

  @Override
  public void start() {
    scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("denials").daemon().factory());
    scheduler.scheduleWithFixedDelay(
        this::flush, MINUTE.toSeconds(), MINUTE.toSeconds(), TimeUnit.SECONDS);
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
