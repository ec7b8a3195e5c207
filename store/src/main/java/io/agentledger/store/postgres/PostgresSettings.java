package io.agentledger.store.postgres;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the embedded server; without effect if {@code spring.datasource.url} names another
 * one.
 *
 * @param startTimeout [1s..1h] until it must accept connections, including recovery after a crash
 * @param stopTimeout [1s..10m] until it must have ended; otherwise it is killed
 * @param binaries directory for its programs; null for {@code database/} in the home directory
 */
@ConfigurationProperties("agentledger.postgres")
public record PostgresSettings(
    @DefaultValue("60s") Duration startTimeout,
    @DefaultValue("30s") Duration stopTimeout,
    @Nullable String binaries) {
  public PostgresSettings {
    requireAtMost("start-timeout", startTimeout, Duration.ofHours(1));
    requireAtMost("stop-timeout", stopTimeout, Duration.ofMinutes(10));
  }

  private static void requireAtMost(String name, Duration value, Duration max) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(max) > 0)
      throw new IllegalArgumentException(
          "agentledger.postgres." + name + " must be 1s to " + max.toMinutes() + "m");
  }
}
