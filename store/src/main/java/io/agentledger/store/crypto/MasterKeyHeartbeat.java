package io.agentledger.store.crypto;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports every few seconds that this node lives and which master keys it has, and reloads keys.
 */
final class MasterKeyHeartbeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MasterKeyHeartbeat.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final MasterKeys keys;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("master-keys").daemon().factory());

  MasterKeyHeartbeat(MasterKeys keys) {
    this.keys = keys;
    scheduler.scheduleWithFixedDelay(
        this::refreshKeys, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void refreshKeys() {
    try {
      keys.refresh();
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("master keys could not be reloaded");
    }
  }

  @Override
  public void close() throws InterruptedException {
    scheduler.shutdownNow();
    scheduler.awaitTermination(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    keys.reportStopped();
  }
}
