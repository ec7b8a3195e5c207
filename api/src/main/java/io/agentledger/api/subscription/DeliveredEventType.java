package io.agentledger.api.subscription;

import io.agentledger.api.report.ReportEvent;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.shared.WireNamed;
import io.agentledger.api.task.ExecutionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Type of the events that subscriptions deliver, by the name in their requests. */
public enum DeliveredEventType implements WireNamed {
  SESSION_OPENED("session.opened", LifecycleEvent.SessionOpened.class),
  SESSION_ACTIVITY_CHANGED("session.activity_changed", LifecycleEvent.ActivityChanged.class),
  SESSION_RENAMED("session.renamed", LifecycleEvent.SessionRenamed.class),
  SESSION_TAGGED("session.tagged", LifecycleEvent.SessionTagged.class),
  SESSION_PAUSED("session.paused", LifecycleEvent.SessionPaused.class),
  SESSION_UNPAUSED("session.unpaused", LifecycleEvent.SessionUnpaused.class),
  SESSION_ARCHIVED("session.archived", LifecycleEvent.SessionArchived.class),
  SESSION_RESTORED("session.restored", LifecycleEvent.SessionRestored.class),
  SESSION_EXPIRED("session.expired", LifecycleEvent.SessionExpired.class),
  SESSION_CLOSED("session.closed", LifecycleEvent.SessionClosed.class),
  SESSION_SHARED("session.shared", LifecycleEvent.SessionShared.class),
  SESSION_UNSHARED("session.unshared", LifecycleEvent.SessionUnshared.class),
  SESSION_TRANSFERRED("session.transferred", LifecycleEvent.SessionTransferred.class),
  SESSION_BUDGET_THRESHOLD_REACHED(
      "session.budget_threshold_reached", LifecycleEvent.SessionBudgetThresholdReached.class),
  QUERY_ISSUED("query.issued", QueryEvent.QueryIssued.class),
  QUERY_QUEUED("query.queued", QueryEvent.QueryQueued.class),
  QUERY_WITHDRAWN("query.withdrawn", QueryEvent.QueryWithdrawn.class),
  RUN_STARTED("run.started", RunEvent.RunStarted.class),
  RUN_COMPLETED("run.completed", RunEvent.RunCompleted.class),
  RUN_FAILED("run.failed", RunEvent.RunFailed.class),
  RUN_INTERRUPTED("run.interrupted", RunEvent.RunInterrupted.class),
  RUN_PAUSED("run.paused", RunEvent.RunPaused.class),
  RUN_RESUMED("run.resumed", RunEvent.RunResumed.class),
  MESSAGE_RECEIVED("message.received", OutputEvent.MessageReceived.class),
  TOOL_CALLED("tool.called", OutputEvent.ToolCalled.class),
  TOOL_RETURNED("tool.returned", OutputEvent.ToolReturned.class),
  SUBAGENT_STARTED("subagent.started", OutputEvent.SubagentStarted.class),
  SUBAGENT_FINISHED("subagent.finished", OutputEvent.SubagentFinished.class),
  TODO_UPDATED("todo.updated", OutputEvent.TodoUpdated.class),
  PERMISSION_REQUESTED("permission.requested", ActionEvent.PermissionRequested.class),
  PERMISSION_DECIDED("permission.decided", ActionEvent.PermissionDecided.class),
  QUESTION_ASKED("question.asked", ActionEvent.QuestionAsked.class),
  QUESTION_ANSWERED("question.answered", ActionEvent.QuestionAnswered.class),
  CLIENT_TOOL_CALLED("client_tool.called", ActionEvent.ClientToolCalled.class),
  CLIENT_TOOL_ANSWERED("client_tool.answered", ActionEvent.ToolAnswered.class),
  ACTION_EXPIRED("action.expired", ActionEvent.ActionExpired.class),
  ELICITATION_REQUESTED("elicitation.requested", ElicitationEvent.ElicitationRequested.class),
  ELICITATION_ANSWERED("elicitation.answered", ElicitationEvent.ElicitationAnswered.class),
  CHECKPOINT_TAKEN("checkpoint.taken", CheckpointEvent.CheckpointTaken.class),
  FILES_REWOUND("files.rewound", CheckpointEvent.FilesRewound.class),
  EXECUTION_QUEUED("execution.queued", ExecutionEvent.ExecutionQueued.class),
  EXECUTION_STARTED("execution.started", ExecutionEvent.ExecutionStarted.class),
  EXECUTION_WAITING("execution.waiting", ExecutionEvent.ExecutionWaiting.class),
  EXECUTION_CONTINUED("execution.continued", ExecutionEvent.ExecutionContinued.class),
  EXECUTION_ATTEMPT_FAILED("execution.attempt_failed", ExecutionEvent.AttemptFailed.class),
  EXECUTION_SUCCEEDED("execution.succeeded", ExecutionEvent.ExecutionSucceeded.class),
  EXECUTION_FAILED("execution.failed", ExecutionEvent.ExecutionFailed.class),
  EXECUTION_CANCELLED("execution.cancelled", ExecutionEvent.ExecutionCancelled.class),
  EXECUTION_TIMED_OUT("execution.timed_out", ExecutionEvent.ExecutionTimedOut.class),
  REPORT_COMPLETED("report.completed", ReportEvent.ReportCompleted.class),
  REPORT_FAILED("report.failed", ReportEvent.ReportFailed.class),
  /** The notification that another subscription of the same owner was disabled. */
  SUBSCRIPTION_DISABLED("subscription.disabled", SubscriptionEvent.SubscriptionDisabled.class),
  /**
   * The notification that events of this subscription were dropped, because too many deliveries
   * were pending; it is sent whatever types are selected.
   */
  SUBSCRIPTION_EVENTS_DROPPED("subscription.events_dropped", null),
  /** Sample event of a test request; it needs no subscription to its type. */
  SUBSCRIPTION_TEST("subscription.test", null);

  /** Selects all types. */
  public static final String ALL = "*";

  private static final String ALL_OF_GROUP = ".*";

  private static final Map<Class<?>, DeliveredEventType> BY_EVENT =
      Arrays.stream(values())
          .filter(type -> type.event != null)
          .collect(Collectors.toUnmodifiableMap(type -> type.event, type -> type));

  private final String wireName;
  private final @Nullable Class<?> event;

  DeliveredEventType(String wireName, @Nullable Class<?> event) {
    this.wireName = wireName;
    this.event = event;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** Returns the type of an event; empty if subscriptions do not deliver it. */
  public static Optional<DeliveredEventType> of(Class<?> event) {
    return Optional.ofNullable(BY_EVENT.get(event));
  }

  /** Returns the names of the types that can be subscribed to. */
  public static List<String> names() {
    return Arrays.stream(values())
        .filter(type -> type.event != null)
        .map(DeliveredEventType::wireName)
        .toList();
  }

  /** Returns whether a pattern is a name, {@code group.*} of a known group, or {@code *}. */
  public static boolean isPattern(String pattern) {
    return names().stream().anyMatch(name -> matches(pattern, name));
  }

  /** Returns whether one of the patterns selects the type. */
  public boolean isSelectedBy(List<String> patterns) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, wireName));
  }

  private static boolean matches(String pattern, String name) {
    return pattern.equals(ALL)
        || pattern.equals(name)
        || pattern.endsWith(ALL_OF_GROUP)
            && name.startsWith(pattern.substring(0, pattern.length() - 1));
  }
}
