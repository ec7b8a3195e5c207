package io.agentledger.store;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Sets how all tests wait for a condition. Its test often is a request to a service: looking ten
 * times a second for what takes seconds was a third of the processor time of the integration tests.
 */
public final class AwaitDefaults implements BeforeAllCallback {
  private static final Duration INTERVAL_MIN = Duration.ofMillis(20);
  private static final Duration INTERVAL_MAX = Duration.ofMillis(500);

  /** Conditions take long on a busy machine. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(TIMEOUT);
    Awaitility.setDefaultPollInterval((count, previous) -> next(previous));
  }

  private static Duration next(Duration previous) {
    var next = previous.multipliedBy(2);
    if (next.compareTo(INTERVAL_MIN) < 0) return INTERVAL_MIN;
    return next.compareTo(INTERVAL_MAX) > 0 ? INTERVAL_MAX : next;
  }
}
