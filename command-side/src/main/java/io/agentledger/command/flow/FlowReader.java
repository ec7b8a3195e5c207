package io.agentledger.command.flow;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowCommand.PullRequestRef;
import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowEvent;
import io.agentledger.api.flow.FlowEvent.ApprovalRequested;
import io.agentledger.api.flow.FlowEvent.BranchPushed;
import io.agentledger.api.flow.FlowEvent.FlowApproved;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.FlowRejected;
import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowEvent.FlowSucceeded;
import io.agentledger.api.flow.FlowEvent.FlowTimedOut;
import io.agentledger.api.flow.FlowEvent.PlanRecorded;
import io.agentledger.api.flow.FlowEvent.PublishingStarted;
import io.agentledger.api.flow.FlowEvent.PullRequestOpened;
import io.agentledger.api.flow.FlowEvent.ReplyPosted;
import io.agentledger.api.flow.FlowEvent.StageEvent;
import io.agentledger.api.flow.FlowEvent.TestsVerified;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.SourceDecision;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityMapped;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityRemoved;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads flows, and what their executions have reached, from the event store. */
record FlowReader(EventStore store, Sealer sealer) {
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Reads a flow. */
  FlowState read(FlowId flow) {
    var reading = new Reading(flow);
    store
        .readEvents(flow.value())
        .forEachRemaining(message -> reading.on((FlowEvent) message.getPayload()));
    return reading.toState();
  }

  /** Returns the session of the last attempt of an execution. */
  Optional<SessionId> findSession(ExecutionId execution) {
    return store
        .readEvents(execution.value())
        .asStream()
        .map(message -> message.getPayload())
        .filter(ExecutionStarted.class::isInstance)
        .map(event -> ((ExecutionStarted) event).sessionId())
        .reduce((earlier, later) -> later);
  }

  /** Returns the last completed run of a session. */
  Optional<RunCompleted> findCompletedRun(SessionId session) {
    return store
        .readEvents(session.value(), 0) // Not from a snapshot.
        .asStream()
        .map(message -> message.getPayload())
        .filter(RunCompleted.class::isInstance)
        .map(RunCompleted.class::cast)
        .reduce((earlier, later) -> later);
  }

  /** Returns the result of a run. */
  String resultOf(RunCompleted run) {
    return sealer.open(run.sessionId(), RunCompleted.class, "result", run.result());
  }

  /** Returns the user to whom an identity is mapped. */
  Optional<UserId> findUser(SourceIdentityId identity) {
    Optional<UserId> user = Optional.empty();
    var messages = store.readEvents(identity.value());
    while (messages.hasNext())
      switch (messages.next().getPayload()) {
        case SourceIdentityMapped mapped -> user = Optional.of(mapped.userId());
        case SourceIdentityRemoved _ -> user = Optional.empty();
        default -> {}
      }
    return user;
  }

  /** State of a flow after the events that were read so far. */
  private final class Reading {
    private final FlowId flow;
    private @Nullable FlowStarted started;
    private FlowStatus status = FlowStatus.PLANNING;
    private int stage;
    private @Nullable String plan;
    private @Nullable ApprovalRequested approval;
    private @Nullable String reason;
    private @Nullable String decidedBy;
    private @Nullable TestVerdict tests;
    private @Nullable String branch;
    private @Nullable PullRequestRef pullRequest;
    private @Nullable FlowFailure failure;
    private @Nullable String commentId;

    private Reading(FlowId flow) {
      this.flow = flow;
    }

    private String open(Class<?> event, String field, Content content) {
      return sealer.open(flow, event, field, content);
    }

    private void on(FlowEvent event) {
      if (event instanceof StageEvent stageEvent) onStage(stageEvent);
      if (event instanceof TestsVerified verified) tests = verified.verdict();
      if (event instanceof BranchPushed pushed) branch = pushed.branch();
      if (event instanceof PullRequestOpened opened)
        pullRequest =
            new PullRequestRef(opened.number(), open(PullRequestOpened.class, "url", opened.url()));
      if (event instanceof ReplyPosted posted) commentId = posted.commentId();
    }

    private void onStage(StageEvent event) {
      stage++;
      switch (event) {
        case FlowStarted first -> {
          started = first;
          status = first.plan().isEmpty() ? FlowStatus.EXECUTING : FlowStatus.PLANNING;
        }
        case ApprovalRequested requested -> {
          approval = requested;
          plan = open(ApprovalRequested.class, "plan", requested.plan());
          status = FlowStatus.AWAITING_APPROVAL;
        }
        case PlanRecorded recorded -> {
          plan = open(PlanRecorded.class, "plan", recorded.plan());
          status = FlowStatus.EXECUTING;
        }
        case FlowApproved approved -> {
          reason = open(FlowApproved.class, "reason", approved.reason());
          decidedBy = deliveryOf(approved.via());
          status = FlowStatus.EXECUTING;
        }
        case FlowRejected rejected -> {
          reason = open(FlowRejected.class, "reason", rejected.reason());
          decidedBy = deliveryOf(rejected.via());
          status = FlowStatus.REJECTED;
        }
        case PublishingStarted _ -> status = FlowStatus.PUBLISHING;
        case FlowSucceeded _ -> status = FlowStatus.SUCCEEDED;
        case FlowFailed failed -> {
          failure =
              new FlowFailure(failed.code(), open(FlowFailed.class, "message", failed.message()));
          status = FlowStatus.FAILED;
        }
        case FlowCancelled _ -> status = FlowStatus.CANCELLED;
        case FlowTimedOut _ -> status = FlowStatus.TIMED_OUT;
      }
    }

    private static @Nullable String deliveryOf(List<SourceDecision> via) {
      return via.isEmpty() ? null : via.getFirst().deliveryId();
    }

    private FlowState toState() {
      var first = Objects.requireNonNull(started, () -> "no flow " + flow);
      var definition = open(FlowStarted.class, "definition", first.definition());
      return new FlowState(
          flow,
          first.principal(),
          first.origin(),
          JSON.readValue(definition, FlowDefinition.class),
          status,
          stage,
          plan,
          approval == null ? null : approval.decideUntil(),
          reason == null || reason.isEmpty() ? null : reason,
          decidedBy,
          tests,
          branch,
          pullRequest,
          failure,
          commentId);
    }
  }
}
