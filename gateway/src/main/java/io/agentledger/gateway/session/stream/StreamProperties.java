package io.agentledger.gateway.session.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import reactor.util.retry.Retry;

/**
 * Settings of session streams.
 *
 * @param idleTimeout [0s..1m] how long a stream without subscriptions is kept
 * @param feedRetryCountMax [1..20] how often the source of a stream is reopened before its
 *     subscriptions fail
 */
@ConfigurationProperties("agentledger.stream")
public record StreamProperties(
    @DefaultValue("5s") Duration idleTimeout, @DefaultValue("6") int feedRetryCountMax) {
  private static final Duration BACKOFF_MIN = Duration.ofMillis(100);
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(2);

  Retry toRetry() {
    return Retry.backoff(feedRetryCountMax, BACKOFF_MIN)
        .maxBackoff(BACKOFF_MAX)
        .transientErrors(true)
        .onRetryExhaustedThrow((spec, signal) -> signal.failure());
  }
}
