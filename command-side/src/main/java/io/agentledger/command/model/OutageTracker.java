package io.agentledger.command.model;

import io.agentledger.store.support.BoundedMap;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Tracks since when each run waits for an answer of the model API, over all of its exchanges and
 * attempts. Thread-safe; keeps the latest 2,000 runs.
 */
final class OutageTracker {
  private static final int RUNS_MAX = 2_000;

  /**
   * Maximum delay of a retry: the CLI retries after 36 s at most, so later requests are not
   * retries.
   */
  private static final Duration RETRY_DELAY_MAX = Duration.ofSeconds(40);

  /** Time to the first byte of an answer that is still normal and not reported. */
  private static final Duration USUAL_DELAY = Duration.ofSeconds(10);

  private static final String SILENT = "The model API has sent nothing.";

  private final Map<String, RunWait> waits = BoundedMap.accessOrdered(RUNS_MAX);
  private final Clock clock;
  private final Duration timeout;

  OutageTracker(Clock clock, Duration timeout) {
    this.clock = clock;
    this.timeout = timeout;
  }

  private static final class RunWait {
    private String process = "";
    private Instant since = Instant.EPOCH;
    private Instant askedAt = Instant.EPOCH;
    private Instant failedAt = Instant.EPOCH;
    private String reason = SILENT;
    private boolean failed;
    private boolean resumed;
    private int unanswered;
    private int held;

    void restart(Instant now) {
      since = now;
      reason = SILENT;
      failed = false;
      resumed = false;
    }

    /** Returns whether a request that is made now continues the wait, as a retry. */
    boolean isContinuedBy(String requester, Instant now) {
      return resumed || unanswered > 0 || failed && (!process.equals(requester) || isRecent(now));
    }

    boolean isRecent(Instant now) {
      return now.isBefore(failedAt.plus(RETRY_DELAY_MAX));
    }

    boolean isOutage(Instant now) {
      return failed
          ? unanswered > 0 || isRecent(now)
          : unanswered > 0 && now.isAfter(askedAt.plus(USUAL_DELAY));
    }
  }

  /**
   * Resumes a wait that a previous instance of the service, or another node, recorded. It takes
   * effect when a request fails or stays unanswered here, because the earlier failure may have been
   * one of the service.
   */
  synchronized void resume(String run, Instant since) {
    if (waits.containsKey(run)) return;
    RunWait wait = new RunWait();
    wait.since = since;
    wait.resumed = true;
    waits.put(run, wait);
  }

  synchronized void requestBegun(String run, String process) {
    RunWait wait = waits.computeIfAbsent(run, none -> new RunWait());
    Instant now = clock.instant();
    if (!wait.isContinuedBy(process, now)) wait.restart(now);
    if (wait.unanswered == 0) wait.askedAt = now;
    wait.process = process;
    wait.unanswered++;
  }

  /** Ends the wait: the API has answered, successfully or not. */
  synchronized void answered(String run) {
    find(run).ifPresent(wait -> wait.restart(clock.instant()));
  }

  synchronized void failed(String run, String reason) {
    find(run).ifPresent(wait -> fail(wait, reason));
  }

  /**
   * Records that an answer broke off.
   *
   * @param lastByteAt time of its last byte
   */
  synchronized void brokeOff(String run, String reason, Instant lastByteAt) {
    find(run)
        .ifPresent(
            wait -> {
              if (!wait.failed) wait.since = lastByteAt;
              fail(wait, reason);
            });
  }

  private void fail(RunWait wait, String reason) {
    wait.failed = true;
    wait.resumed = false;
    wait.reason = reason;
    wait.failedAt = clock.instant();
  }

  /** Records that a request got the head of its answer, or ended without one. */
  synchronized void requestEnded(String run) {
    find(run).ifPresent(wait -> wait.unanswered--);
  }

  synchronized void setHeld(String run, boolean held) {
    find(run).ifPresent(wait -> wait.held += held ? 1 : -1);
  }

  synchronized Optional<ModelOutage> findOutage(String run) {
    return find(run)
        .filter(wait -> wait.isOutage(clock.instant()))
        .map(wait -> new ModelOutage(wait.since, wait.reason, wait.held > 0, timeout));
  }

  private Optional<RunWait> find(String run) {
    return Optional.ofNullable(waits.get(run));
  }
}
