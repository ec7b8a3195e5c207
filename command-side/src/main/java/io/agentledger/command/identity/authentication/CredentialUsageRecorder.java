package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.store.credential.CredentialUsageTable;
import io.agentledger.store.support.BoundedMap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records when credentials were used last: uses are collected in memory and written in batches
 * every few seconds, for one credential at most once a minute. A node that is killed loses the last
 * seconds.
 */
final class CredentialUsageRecorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CredentialUsageRecorder.class);
  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(5);
  private static final Duration RESOLUTION = Duration.ofMinutes(1);
  private static final int REMEMBERED_MAX = 10_000;

  private final CredentialUsageTable table;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("last-uses").daemon().factory());
  private final Map<CredentialId, Instant> written = BoundedMap.accessOrdered(REMEMBERED_MAX);
  private Map<CredentialId, Instant> pending = new HashMap<>();

  CredentialUsageRecorder(CredentialUsageTable table) {
    this.table = table;
    scheduler.scheduleWithFixedDelay(
        this::flush, FLUSH_INTERVAL.toMillis(), FLUSH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized void recordUse(CredentialId credential, Instant at) {
    @Nullable Instant last = written.get(credential);
    if (last != null && at.isBefore(last.plus(RESOLUTION))) return;
    written.put(credential, at);
    pending.put(credential, at);
  }

  private synchronized Map<CredentialId, Instant> drain() {
    var uses = pending;
    pending = new HashMap<>();
    return uses;
  }

  /**
   * Writes the collected uses. A failed write is not repeated, because the next use is recorded
   * anyway.
   */
  void flush() {
    var uses = drain();
    if (uses.isEmpty()) return;
    try {
      table.save(uses);
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("count", uses.size())
          .setCause(e)
          .log("could not write the last uses of credentials");
    }
  }

  @Override
  public void close() {
    scheduler.shutdown();
    flush();
  }
}
