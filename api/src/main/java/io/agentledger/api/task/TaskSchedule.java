package io.agentledger.api.task;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.time.Instant;

/** Schedule of a task: the times at which executions start, and policies for exceptions. */
public record TaskSchedule(Timing timing, MissedRuns missedRuns, Overlap overlap) {
  /** Schedule of a task that starts on request only. */
  public static final TaskSchedule NONE =
      new TaskSchedule(new Timing.None(), MissedRuns.SKIP, Overlap.SKIP);

  /** Maximum number of missed times that are made up for. */
  public static final int MISSED_MAX = 10;

  public static final int INTERVAL_SECONDS_MIN = 10;
  public static final int INTERVAL_SECONDS_MAX = 31_536_000;

  /** Times of a schedule. */
  public sealed interface Timing extends Discriminated {
    /** No times. */
    @StableName("none")
    record None() implements Timing {}

    /**
     * Times of a cron expression.
     *
     * @param expression minute, hour, day of month, month, day of week
     * @param timeZone name of the IANA database
     */
    @StableName("cron")
    record Cron(@ShownInAudit String expression, @ShownInAudit String timeZone) implements Timing {}

    /**
     * Times with the same distance.
     *
     * @param from start of the first interval
     */
    @StableName("interval")
    record Interval(long everySeconds, Instant from) implements Timing {}

    /** A single time. */
    @StableName("once")
    record Once(Instant at) implements Timing {}
  }

  /** Policy for times at which no node was available. */
  public enum MissedRuns {
    /** They are left out. */
    SKIP,
    /** The last one is made up for. */
    RUN_ONCE,
    /** The last {@value #MISSED_MAX} are made up for. */
    RUN_ALL
  }

  /** Policy for times at which an earlier execution of the task has not ended. */
  public enum Overlap {
    /** The time is left out. */
    SKIP,
    /** The execution starts after the earlier ones. */
    QUEUE,
    /** The earlier executions are cancelled. */
    CANCEL_PREVIOUS
  }
}
