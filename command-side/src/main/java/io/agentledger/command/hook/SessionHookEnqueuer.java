package io.agentledger.command.hook;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.event.RunnerEvent.ActionRequest;
import io.agentledger.command.hook.SessionHookCaller.JobData;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/**
 * Enqueues the calls of hooks at Notification and SessionEnd, in the transaction of the event. It
 * has no state and does little work, because it holds the lock of the append.
 */
@ProcessingGroup(SessionHookEnqueuer.GROUP)
final class SessionHookEnqueuer {
  static final String GROUP = "session-hooks";

  private final HookLookupTable hooks;
  private final SessionHookCaller caller;
  private final JobTable<JobData> jobs;
  private final Clock clock;

  SessionHookEnqueuer(
      HookLookupTable hooks, SessionHookCaller caller, JobTable<JobData> jobs, Clock clock) {
    this.hooks = hooks;
    this.caller = caller;
    this.jobs = jobs;
    this.clock = clock;
  }

  @EventHandler
  void on(PermissionRequested event, DomainEventMessage<?> message) {
    var text = "The agent needs your permission to use " + event.tool() + ".";
    enqueueNotification(event, "permission_prompt", text, message);
  }

  @EventHandler
  void on(QuestionAsked event, DomainEventMessage<?> message) {
    enqueueNotification(event, "question_prompt", "The agent asks you a question.", message);
  }

  @EventHandler
  void on(ElicitationRequested event, DomainEventMessage<?> message) {
    var text = "The MCP server " + event.server() + " needs your input.";
    enqueueNotification(event, "elicitation_dialog", text, message);
  }

  @EventHandler
  void on(LifecycleEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case ActivityChanged changed when changed.activity() == Activity.IDLE ->
          enqueueNotification(
              changed.sessionId(),
              "idle_prompt",
              Map.of("message", "The agent waits for your input."),
              message);
      case SessionArchived _ -> end(event.sessionId(), "archived", message);
      case SessionExpired _ -> end(event.sessionId(), "expired", message);
      case SessionClosed _ -> end(event.sessionId(), "closed", message);
      case SessionDeleted _ -> end(event.sessionId(), "deleted", message);
      default -> {}
    }
  }

  private void enqueueNotification(
      ActionRequest event, String type, String text, DomainEventMessage<?> message) {
    var fields =
        Map.of(
            "message", text,
            "run_id", event.runId().value(),
            "action_id", event.actionId().value());
    enqueueNotification(event.sessionId(), type, fields, message);
  }

  private void enqueueNotification(
      SessionId session, String type, Map<String, String> fields, DomainEventMessage<?> message) {
    var all = new HashMap<>(fields);
    all.put("notification_type", type);
    enqueue(session, HookPoint.NOTIFICATION, type, all, message);
  }

  private void end(SessionId session, String reason, DomainEventMessage<?> message) {
    enqueue(session, HookPoint.SESSION_END, reason, Map.of("reason", reason), message);
  }

  private void enqueue(
      SessionId session,
      HookPoint point,
      String subject,
      Map<String, String> fields,
      DomainEventMessage<?> message) {
    var provenance = Provenance.of(message.getMetaData()).withoutSource();
    if (!hooks.mayBeCalled(provenance.tenant(), session, point)) {
      if (SessionHookCaller.PERMANENT_ENDS.contains(subject)) hooks.removeAttached(session);
      return;
    }
    var metadata = new HashMap<String, String>();
    provenance.asMetadata().forEach((name, value) -> metadata.put(name, value.toString()));
    var call =
        new JobData(
            session.value(), point.name(), message.getIdentifier(), subject, fields, metadata);
    jobs.enqueue(caller.instance(call), clock.instant());
  }
}
