package io.agentledger.store;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets all tests look for a condition at growing intervals. To look often is a request to a
 * service, which takes processor time from the run that the test waits for.
 */
public final class PollIntervals implements BeforeAllCallback {
  private static final Duration INTERVAL_MIN = Duration.ofMillis(20);
  private static final Duration INTERVAL_MAX = Duration.ofMillis(500);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultPollInterval((count, previous) -> next(previous));
  }

  private static Duration next(Duration previous) {
    var next = previous.multipliedBy(2);
    if (next.compareTo(INTERVAL_MIN) < 0) return INTERVAL_MIN;
    return next.compareTo(INTERVAL_MAX) > 0 ? INTERVAL_MAX : next;
  }
}
