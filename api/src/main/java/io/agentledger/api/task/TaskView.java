package io.agentledger.api.task;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Versioned;
import io.agentledger.api.task.TaskSchedule.MissedRuns;
import io.agentledger.api.task.TaskSchedule.Overlap;
import io.agentledger.api.template.TemplateVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a task.
 *
 * @param sharedWith sorted; null for callers who may not change it
 * @param category empty for none
 * @param pauseReason null if a user paused it, or it is not paused
 * @param timeout null: the default of the service
 * @param version from 1; a change must name the current one
 */
public record TaskView(
    TaskId id,
    UserId ownerId,
    TaskSharing sharing,
    @Nullable List<UserId> sharedWith,
    String name,
    @Nullable String description,
    String category,
    List<String> tags,
    List<TemplateVariable> variables,
    Json session,
    @Nullable String prompt,
    int priority,
    @Nullable Duration timeout,
    RetryView retry,
    @Nullable ScheduleView schedule,
    boolean paused,
    @Nullable String pauseReason,
    @Nullable Instant nextExecutionAt,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {
  /**
   * Returns a copy without what only the owner and admins may see.
   *
   * @param redacted fields of a session without values
   */
  public TaskView redacted(Json redacted) {
    return new TaskView(
        id,
        ownerId,
        sharing,
        null,
        name,
        description,
        category,
        tags,
        variables,
        redacted,
        prompt,
        priority,
        timeout,
        retry,
        schedule,
        paused,
        pauseReason,
        nextExecutionAt,
        version,
        createdAt,
        updatedAt,
        archivedAt);
  }

  /**
   * Attempts of an execution.
   *
   * @param delay before the second attempt; doubled for each later one
   */
  public record RetryView(int maxAttempts, Duration delay) {}

  /**
   * Schedule of a task; the fields of other types of times are null.
   *
   * @param variables values of the variables in executions that the schedule starts
   */
  public record ScheduleView(
      ScheduleType type,
      @Nullable String expression,
      @Nullable String timeZone,
      @Nullable Long everySeconds,
      @Nullable Instant at,
      MissedRuns missedRuns,
      Overlap overlap,
      Map<String, String> variables) {
    /** Type of the times of a schedule. */
    public enum ScheduleType {
      /** Times of a cron expression. */
      CRON,
      /** Times with the same distance. */
      INTERVAL,
      /** A single time. */
      ONCE
    }

    /** Creates the view of a schedule; null for none. */
    public static @Nullable ScheduleView from(TaskSchedule schedule, Map<String, String> values) {
      return switch (schedule.timing()) {
        case TaskSchedule.Timing.None _ -> null;
        case TaskSchedule.Timing.Cron cron ->
            of(ScheduleType.CRON, cron.expression(), cron.timeZone(), null, null, schedule, values);
        case TaskSchedule.Timing.Interval interval ->
            of(ScheduleType.INTERVAL, null, null, interval.everySeconds(), null, schedule, values);
        case TaskSchedule.Timing.Once once ->
            of(ScheduleType.ONCE, null, null, null, once.at(), schedule, values);
      };
    }

    private static ScheduleView of(
        ScheduleType type,
        @Nullable String expression,
        @Nullable String timeZone,
        @Nullable Long everySeconds,
        @Nullable Instant at,
        TaskSchedule schedule,
        Map<String, String> values) {
      return new ScheduleView(
          type,
          expression,
          timeZone,
          everySeconds,
          at,
          schedule.missedRuns(),
          schedule.overlap(),
          values);
    }
  }
}
