package io.agentledger.gateway.session.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import reactor.util.retry.Retry;

/**
 * How sessions are watched.
 *
 * @param linger [0s..1m] how long a log is kept when nobody watches any more
 * @param feedTries [1..20] how often a log's feed is begun again before its followers hear of it
 */
@ConfigurationProperties("agentledger.stream")
public record StreamProperties(
    @DefaultValue("5s") Duration linger, @DefaultValue("6") int feedTries) {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  Retry retry() {
    return Retry.backoff(feedTries, FIRST_PAUSE)
        .maxBackoff(LONGEST_PAUSE)
        .transientErrors(true)
        .onRetryExhaustedThrow((spec, signal) -> signal.failure());
  }
}
