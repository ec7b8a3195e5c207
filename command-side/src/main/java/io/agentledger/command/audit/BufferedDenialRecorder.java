package io.agentledger.command.audit;

import io.agentledger.api.audit.AuditCommand.CountDenials;
import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.audit.AuditId;
import io.agentledger.api.audit.DenialRecorder;
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
 * Counts refusals in memory and puts them on the record once a minute, and when the node stops. A
 * flood costs one number: what would be more than {@link #KEYS_MAX} different ones goes into one
 * for all, whatever an attacker varies.
 */
final class BufferedDenialRecorder implements DenialRecorder, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(BufferedDenialRecorder.class);

  /** How many are told apart in a minute. */
  static final int KEYS_MAX = 1000;

  /** Doors, of higher phases, stop before; Axon, at 3072 below the highest, after. */
  private static final int PHASE = Integer.MAX_VALUE - 3000;

  private static final String TOO_MANY = "*";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** The service's own: it acts with nobody's credential. */
  private static final CredentialId SYSTEM =
      new CredentialId(Ids.derived(CredentialId.PREFIX, "agentledger"));

  private final CommandGateway commands;
  private final Supplier<TenantId> founder;
  private final Clock clock;
  private final String node;
  private Map<Denial, Long> counts = new HashMap<>();
  private Instant since;
  private volatile ScheduledExecutorService flushing;

  /**
   * @param founder the tenant to which refusals are told when nobody knows whose they are
   */
  BufferedDenialRecorder(
      CommandGateway commands, Supplier<TenantId> founder, Clock clock, String node) {
    this.commands = commands;
    this.founder = founder;
    this.clock = clock;
    this.node = node;
    this.since = minute();
    this.flushing = stopped();
  }

  private static ScheduledExecutorService stopped() {
    var none = Executors.newSingleThreadScheduledExecutor();
    none.shutdown();
    return none;
  }

  private Instant minute() {
    return clock.instant().truncatedTo(ChronoUnit.MINUTES);
  }

  @Override
  public synchronized void count(Denial denial) {
    boolean isKnown = counts.containsKey(denial) || counts.size() < KEYS_MAX;
    counts.merge(isKnown ? denial : rest(denial), 1L, Long::sum);
  }

  /** One for each kind: neither source nor route nor credential is told. */
  private static Denial rest(Denial denial) {
    return new Denial(TOO_MANY, denial.kind(), TOO_MANY, null, null);
  }

  /** Puts what was counted on the record; what cannot be recorded is kept for the next time. */
  void flush() {
    Map<Denial, Long> taken;
    Instant begun;
    synchronized (this) {
      taken = counts;
      begun = since;
      counts = new HashMap<>();
      since = minute();
    }
    if (taken.isEmpty()) return;
    var byTenant =
        taken.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.getKey().tenant() == null ? founder.get() : one.getKey().tenant()));
    byTenant.forEach((tenant, counted) -> record(tenant, begun, counted));
  }

  private void record(TenantId tenant, Instant begun, List<Map.Entry<Denial, Long>> counted) {
    try {
      var day = begun.atOffset(ZoneOffset.UTC).toLocalDate();
      var command =
          new CountDenials(
              AuditId.of(tenant, day),
              node,
              begun,
              counted.stream().map(one -> count(one.getKey(), one.getValue())).toList());
      var provenance = new Provenance(tenant, Actor.SERVICE, SYSTEM, Ids.random("req"));
      commands.sendAndWait(
          GenericCommandMessage.asCommandMessage(command).withMetaData(provenance.asMetadata()));
    } catch (RuntimeException e) {
      log.atWarn().addKeyValue("tenantId", tenant).setCause(e).log("denials not recorded yet");
      keep(counted);
    }
  }

  private synchronized void keep(List<Map.Entry<Denial, Long>> counted) {
    for (var one : counted) {
      boolean isKnown = counts.containsKey(one.getKey()) || counts.size() < KEYS_MAX;
      counts.merge(isKnown ? one.getKey() : rest(one.getKey()), one.getValue(), Long::sum);
    }
  }

  private static Count count(Denial denial, long count) {
    var credential = denial.credential();
    return new Count(
        denial.ip(),
        denial.kind(),
        denial.route(),
        credential == null ? "" : credential.value(),
        count);
  }

  @Override
  public void start() {
    flushing =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("denials").daemon().factory());
    flushing.scheduleWithFixedDelay(
        this::flush, MINUTE.toSeconds(), MINUTE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void stop() {
    flushing.shutdownNow();
    flush();
  }

  @Override
  public boolean isRunning() {
    return !flushing.isShutdown();
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
