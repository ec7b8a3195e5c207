package io.agentledger.command.model;

import java.time.Duration;
import java.time.Instant;

/**
 * An outage of the model API as one run meets it.
 *
 * @param since when the API last gave the run an answer, or the run first asked it
 * @param reason a sentence that names the API and what it did; safe to show
 * @param held whether requests wait here for the API to come back
 * @param timeout how long the run may wait for it
 */
public record ModelOutage(Instant since, String reason, boolean held, Duration timeout) {
  public boolean isTooLong(Instant now) {
    return now.isAfter(since.plus(timeout));
  }

  /** How long the run may still wait; zero once the outage is too long. */
  public Duration remaining(Instant now) {
    return isTooLong(now) ? Duration.ZERO : Duration.between(now, since.plus(timeout));
  }

  /** Why the run ends once the outage is too long. */
  public String failure() {
    return reason
        + " A run waits for the model API for at most "
        + text()
        + " (agentledger.model.outage-timeout).";
  }

  private String text() {
    return timeout.toSecondsPart() == 0
        ? timeout.toMinutes() + " minutes"
        : timeout.toSeconds() + " seconds";
  }
}
