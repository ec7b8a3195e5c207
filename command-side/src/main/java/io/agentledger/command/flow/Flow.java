package io.agentledger.command.flow;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowCommand;
import io.agentledger.api.flow.FlowCommand.CancelFlow;
import io.agentledger.api.flow.FlowCommand.CompletePlanning;
import io.agentledger.api.flow.FlowCommand.CompletePublishing;
import io.agentledger.api.flow.FlowCommand.CompleteWork;
import io.agentledger.api.flow.FlowCommand.DecideFlow;
import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowCommand.RecordBranch;
import io.agentledger.api.flow.FlowCommand.RecordBranchDeletion;
import io.agentledger.api.flow.FlowCommand.RecordCancelledExecution;
import io.agentledger.api.flow.FlowCommand.RecordFailedReply;
import io.agentledger.api.flow.FlowCommand.RecordPlan;
import io.agentledger.api.flow.FlowCommand.RecordReply;
import io.agentledger.api.flow.FlowCommand.RecordTests;
import io.agentledger.api.flow.FlowCommand.StartFlow;
import io.agentledger.api.flow.FlowCommand.TimeOutFlow;
import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowEvent.ApprovalRequested;
import io.agentledger.api.flow.FlowEvent.BranchDeleted;
import io.agentledger.api.flow.FlowEvent.BranchDeletionFailed;
import io.agentledger.api.flow.FlowEvent.BranchPushed;
import io.agentledger.api.flow.FlowEvent.FlowApproved;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.FlowRejected;
import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowEvent.FlowSucceeded;
import io.agentledger.api.flow.FlowEvent.FlowTimedOut;
import io.agentledger.api.flow.FlowEvent.PlanRecorded;
import io.agentledger.api.flow.FlowEvent.PlanningCompleted;
import io.agentledger.api.flow.FlowEvent.PublishingStarted;
import io.agentledger.api.flow.FlowEvent.PullRequestOpened;
import io.agentledger.api.flow.FlowEvent.ReplyFailed;
import io.agentledger.api.flow.FlowEvent.ReplyPosted;
import io.agentledger.api.flow.FlowEvent.ReplyRequested;
import io.agentledger.api.flow.FlowEvent.StageEvent;
import io.agentledger.api.flow.FlowEvent.TestsVerified;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.RepositoryUrlPolicy;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.FlowRejection.DecisionOfAgent;
import io.agentledger.api.shared.FlowRejection.FlowNotAwaitingApproval;
import io.agentledger.api.shared.FlowRejection.FlowOpen;
import io.agentledger.api.shared.FlowRejection.TooManyFlowsOfTrigger;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.command.support.VaultUse;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Flow from its start to its end. At most one reply is requested at a time; when it is posted and a
 * stage has begun since, the next one is requested. Commands that come too late do nothing.
 */
@Aggregate(type = "Flow")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Flow extends ConfigurationAggregate<FlowId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private UserId owner;
  private FlowStatus status;
  private Duration approvalTimeout;
  private boolean approvalRequired;
  private boolean replies;
  private boolean publishes;
  private boolean planned;
  private Optional<TestVerdict> tests = Optional.empty();
  private boolean branchPushed;
  private boolean branchDeleted;
  private boolean pullRequestOpened;
  private Optional<Decision> decision = Optional.empty();
  private int stage;
  private int reply;
  private boolean replyPending;

  Flow() {}

  /** A flow of another user is not found. */
  @Override
  protected void checkAccess(MetaData metaData) {
    boolean isPermitted =
        Caller.of(metaData)
            .map(caller -> caller.user().equals(owner) || caller.has(Scope.SESSIONS_WRITE_ALL))
            .orElse(true);
    if (!isPermitted) throw notFound();
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  FlowId start(
      StartFlow command,
      Sealer sealer,
      FlowLookupTable flows,
      SecretReader secrets,
      RepositoryUrlPolicy repositoryUrls,
      TenantId tenant,
      MetaData metaData) {
    if (id != null) return id;
    var repository = command.definition().repository();
    if (repository != null) repositoryUrls.requirePermitted(repository.url());
    VaultUse.require(command.definition().credentials(), metaData);
    for (var secret : secrets.findMissing(tenant, command.definition().credentials()))
      throw new RejectionException(new NotFound("secret", secret.name()));
    flows.lock(tenant);
    if (flows.countOpen(tenant) >= FlowCommand.OPEN_MAX)
      throw new RejectionException(new TooMany("flows", FlowCommand.OPEN_MAX));
    if (command.origin() instanceof FlowOrigin.Trigger trigger)
      checkOpenOf(trigger, command.exclusive(), tenant, flows);
    var definition = command.definition();
    var source = definition.source();
    apply(
        new FlowStarted(
            command.flowId(),
            command.principal(),
            command.origin(),
            Stream.ofNullable(definition.plan()).map(step -> step.task()).toList(),
            definition.work().task(),
            source == null
                ? ""
                : SourceReference.keyOf(tenant, source.provider(), source.project(), source.item()),
            definition.repository() != null,
            definition.approvalRequired(),
            definition.approvalTimeout(),
            sealer.seal(
                command.flowId(),
                FlowStarted.class,
                "definition",
                JSON.writerFor(FlowDefinition.class).writeValueAsString(definition))));
    requestReply();
    return command.flowId();
  }

  /** Strangers may cause the flows of a trigger, so they are bounded before those of the tenant. */
  private static void checkOpenOf(
      FlowOrigin.Trigger trigger, boolean exclusive, TenantId tenant, FlowLookupTable flows) {
    var key = trigger.concurrencyKey();
    if (exclusive && !key.isEmpty())
      flows
          .findOpenWith(tenant, key)
          .ifPresent(
              open -> {
                throw new RejectionException(new FlowOpen(open.value()));
              });
    if (!key.isEmpty() && flows.countOpenWith(tenant, key) >= FlowCommand.OPEN_WITH_KEY_MAX)
      throw new RejectionException(
          TooManyFlowsOfTrigger.withKey(trigger.triggerId(), FlowCommand.OPEN_WITH_KEY_MAX));
    if (flows.countOpenOf(tenant, trigger) >= FlowCommand.OPEN_OF_TRIGGER_MAX)
      throw new RejectionException(
          TooManyFlowsOfTrigger.of(trigger.triggerId(), FlowCommand.OPEN_OF_TRIGGER_MAX));
  }

  @CommandHandler
  void complete(CompletePlanning command) {
    if (status == FlowStatus.PLANNING && !planned) apply(new PlanningCompleted(id));
  }

  @CommandHandler
  void record(RecordPlan command, Sealer sealer) {
    if (status != FlowStatus.PLANNING) return;
    if (approvalRequired)
      apply(
          new ApprovalRequested(
              id,
              sealer.seal(id, ApprovalRequested.class, "plan", command.plan()),
              command.at().plus(approvalTimeout)));
    else apply(new PlanRecorded(id, sealer.seal(id, PlanRecorded.class, "plan", command.plan())));
    requestReply();
  }

  /** The first decision wins; the same one may be repeated. */
  @CommandHandler
  void decide(DecideFlow command, Sealer sealer, MetaData metaData) {
    var caller = Caller.of(metaData).orElseThrow(() -> new RejectionException(new Forbidden()));
    if (caller.role() == Role.AGENT) throw new RejectionException(new DecisionOfAgent());
    if (decision.filter(command.decision()::equals).isPresent()) return;
    if (status != FlowStatus.AWAITING_APPROVAL)
      throw new RejectionException(FlowNotAwaitingApproval.of(id, status));
    var via = Stream.ofNullable(command.via()).toList();
    if (command.decision() == Decision.APPROVE)
      apply(new FlowApproved(id, caller.user(), via, reason(command, FlowApproved.class, sealer)));
    else
      apply(new FlowRejected(id, caller.user(), via, reason(command, FlowRejected.class, sealer)));
    requestReply();
  }

  private Content reason(DecideFlow command, Class<?> event, Sealer sealer) {
    var reason = command.reason();
    return reason == null ? Content.ABSENT : sealer.seal(id, event, "reason", reason);
  }

  @CommandHandler
  void timeOut(TimeOutFlow command) {
    if (status != FlowStatus.AWAITING_APPROVAL) return;
    apply(new FlowTimedOut(id));
    requestReply();
  }

  @CommandHandler
  void cancel(CancelFlow command) {
    cancel();
  }

  @CommandHandler
  void cancel(RecordCancelledExecution command) {
    cancel();
  }

  private void cancel() {
    if (status.isFinal()) return;
    apply(new FlowCancelled(id));
    requestReply();
  }

  @CommandHandler
  void complete(CompleteWork command) {
    if (status != FlowStatus.EXECUTING) return;
    if (publishes) apply(new PublishingStarted(id));
    else apply(new FlowSucceeded(id));
    requestReply();
  }

  /** The result may change until the pull request is open. */
  @CommandHandler
  void record(RecordTests command) {
    if (status == FlowStatus.PUBLISHING && !tests.equals(Optional.of(command.verdict())))
      apply(new TestsVerified(id, command.verdict(), command.exitStatus()));
  }

  @CommandHandler
  boolean record(RecordBranch command) {
    if (!branchPushed) apply(new BranchPushed(id, command.branch(), command.commit()));
    return status == FlowStatus.PUBLISHING;
  }

  /** A pull request that was opened while the flow ended is on the record, too. */
  @CommandHandler
  void complete(CompletePublishing command, Sealer sealer) {
    var opened = command.pullRequest();
    if (opened != null && !pullRequestOpened)
      apply(
          new PullRequestOpened(
              id, opened.number(), sealer.seal(id, PullRequestOpened.class, "url", opened.url())));
    if (status != FlowStatus.PUBLISHING) return;
    apply(new FlowSucceeded(id));
    requestReply();
  }

  @CommandHandler
  void record(RecordBranchDeletion command, Sealer sealer) {
    if (!branchPushed || branchDeleted) return;
    var failure = command.failure();
    if (failure == null) apply(new BranchDeleted(id));
    else
      apply(
          new BranchDeletionFailed(
              id, failure.code(), message(failure, BranchDeletionFailed.class, sealer)));
  }

  @CommandHandler
  void fail(FailFlow command, Sealer sealer) {
    if (status.isFinal()) return;
    var failure = command.failure();
    apply(new FlowFailed(id, failure.code(), message(failure, FlowFailed.class, sealer)));
    requestReply();
  }

  private Content message(FlowFailure failure, Class<?> event, Sealer sealer) {
    return sealer.seal(id, event, "message", failure.message());
  }

  private void requestReply() {
    if (replies && !replyPending) apply(new ReplyRequested(id, reply + 1));
  }

  @CommandHandler
  void record(RecordReply command) {
    if (!replyPending || command.number() != reply) return;
    apply(new ReplyPosted(id, reply, command.commentId()));
    if (command.stage() < stage) requestReply();
  }

  @CommandHandler
  void record(RecordFailedReply command, Sealer sealer) {
    if (!replyPending || command.number() != reply) return;
    var failure = command.failure();
    apply(new ReplyFailed(id, reply, failure.code(), message(failure, ReplyFailed.class, sealer)));
    if (command.stage() < stage) requestReply();
  }

  @EventSourcingHandler
  void on(FlowStarted event, TenantId tenant) {
    create(event.flowId(), tenant);
    owner = event.principal().userId();
    status = event.plan().isEmpty() ? FlowStatus.EXECUTING : FlowStatus.PLANNING;
    approvalRequired = event.approvalRequired();
    approvalTimeout = event.approvalTimeout();
    replies = !event.sourceKey().isEmpty();
    publishes = event.publishes();
    stage = 1;
  }

  /** Counts the stages, as {@link FlowState} does. */
  @EventSourcingHandler
  void on(StageEvent event) {
    stage++;
    status =
        switch (event) {
          case FlowStarted _ -> status;
          case ApprovalRequested _ -> FlowStatus.AWAITING_APPROVAL;
          case PlanRecorded _, FlowApproved _ -> FlowStatus.EXECUTING;
          case PublishingStarted _ -> FlowStatus.PUBLISHING;
          case FlowSucceeded _ -> FlowStatus.SUCCEEDED;
          case FlowRejected _ -> FlowStatus.REJECTED;
          case FlowFailed _ -> FlowStatus.FAILED;
          case FlowCancelled _ -> FlowStatus.CANCELLED;
          case FlowTimedOut _ -> FlowStatus.TIMED_OUT;
        };
    if (event instanceof FlowApproved) decision = Optional.of(Decision.APPROVE);
    if (event instanceof FlowRejected) decision = Optional.of(Decision.REJECT);
  }

  @EventSourcingHandler
  void on(PlanningCompleted event) {
    planned = true;
  }

  @EventSourcingHandler
  void on(TestsVerified event) {
    tests = Optional.of(event.verdict());
  }

  @EventSourcingHandler
  void on(BranchPushed event) {
    branchPushed = true;
  }

  @EventSourcingHandler
  void on(PullRequestOpened event) {
    pullRequestOpened = true;
  }

  @EventSourcingHandler
  void on(BranchDeleted event) {
    branchDeleted = true;
  }

  @EventSourcingHandler
  void on(BranchDeletionFailed event) {
    branchDeleted = true;
  }

  @EventSourcingHandler
  void on(ReplyRequested event) {
    reply = event.number();
    replyPending = true;
  }

  @EventSourcingHandler
  void on(ReplyPosted event) {
    replyPending = false;
  }

  @EventSourcingHandler
  void on(ReplyFailed event) {
    replyPending = false;
  }
}
