package io.agentledger.command.model;

import java.time.Duration;
import java.time.Instant;

/**
 * An outage of the model API from the view of one run.
 *
 * @param since time of the API's last answer to the run, or of the run's first request
 * @param reason sentence that describes the API's failure; safe to show
 * @param held whether the gateway holds requests until the API is available again
 * @param timeout how long the run may wait for it
 */
public record ModelOutage(Instant since, String reason, boolean held, Duration timeout) {
  public boolean isTooLong(Instant now) {
    return now.isAfter(since.plus(timeout));
  }

  /** Returns how long the run may still wait; zero if the outage is too long. */
  public Duration remaining(Instant now) {
    return isTooLong(now) ? Duration.ZERO : Duration.between(now, since.plus(timeout));
  }

  /** Returns the error of a run that ends because the outage is too long. */
  public String failure() {
    return reason
        + " A run waits for the model API for at most "
        + text()
        + " (agentledger.model.outage-timeout).";
  }

  private String text() {
    return timeout.toSecondsPart() == 0
        ? quantity(timeout.toMinutes(), "minute")
        : quantity(timeout.toSeconds(), "second");
  }

  private static String quantity(long count, String unit) {
    return count == 1 ? "1 " + unit : count + " " + unit + "s";
  }
}
