package io.agentledger.command.hook;

import com.github.kagkarlsson.scheduler.task.FailureHandler.ExponentialBackoffFailureHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler.MaxRetriesFailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.hook.HookExecution;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionLifecycleCommand.RecordHookExecutions;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.store.support.UntrustedJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls the hooks for an event of a session, and records their executions. They decide nothing, so
 * that a failure is only recorded.
 */
final class SessionHookCaller {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /** Reasons of SessionEnd after which the session's own hooks are removed. */
  static final Set<String> PERMANENT_ENDS = Set.of("closed", "deleted");

  private static final int RETRIES_MAX = 5;
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final HookDispatcher hooks;
  private final HookLookupTable lookup;
  private final EventStore events;
  private final CommandGateway commands;
  private final OneTimeTask<JobData> task =
      Tasks.oneTime("call-hooks", JobData.class)
          .onFailure(
              new MaxRetriesFailureHandler<>(
                  RETRIES_MAX, new ExponentialBackoffFailureHandler<>(RETRY_DELAY)))
          .onDeadExecutionRevive()
          .execute((instance, context) -> call(instance.getData()));

  SessionHookCaller(
      HookDispatcher hooks, HookLookupTable lookup, EventStore events, CommandGateway commands) {
    this.hooks = hooks;
    this.lookup = lookup;
    this.events = events;
    this.commands = commands;
  }

  /**
   * Call to make: ids and names, never content. The types are plain, because the job table has a
   * mapper of its own.
   *
   * @param point name of the {@link HookPoint}
   * @param occurrence identifies the event, in all sessions
   * @param subject value that matchers test
   * @param fields of the input, besides those of every point
   */
  record JobData(
      String session,
      String point,
      String occurrence,
      String subject,
      Map<String, String> fields,
      Map<String, String> provenance) {}

  OneTimeTask<JobData> task() {
    return task;
  }

  /** Returns the job of a call; an occurrence has one job. */
  TaskInstance<JobData> instance(JobData call) {
    return task.instance(call.occurrence(), call);
  }

  /** Blocks until all hooks have answered or failed. */
  private void call(JobData call) {
    var session = new SessionId(call.session());
    var provenance = Provenance.of(call.provenance());
    var opened = (SessionOpened) events.readEvents(session.value(), 0).next().getPayload();
    var executions =
        hooks.callForSession(
            new Subject(provenance.tenant(), opened.agent().id(), session), invocation(call));
    if (Thread.interrupted())
      throw new IllegalStateException("the node stops; the call is retried");
    if (!executions.isEmpty()) record(session, call.occurrence(), executions, provenance);
    if (PERMANENT_ENDS.contains(call.subject())) lookup.removeAttached(session);
  }

  private static HookInvocation invocation(JobData call) {
    var point = HookPoint.valueOf(call.point());
    ObjectNode input = JSON.createObjectNode();
    input.put("session_id", call.session());
    input.put("hook_event_name", point.wireName());
    call.fields().forEach(input::put);
    return new HookInvocation(
        point, call.subject(), "", call.occurrence(), input, output -> Optional.empty());
  }

  private void record(
      SessionId session, String occurrence, List<HookExecution> executions, Provenance provenance) {
    var command =
        new RecordHookExecutions(session, executions, new Idempotency(occurrence, "hooks"));
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(provenance.asService().asMetadata()));
  }
}
