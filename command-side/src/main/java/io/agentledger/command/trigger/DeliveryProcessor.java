package io.agentledger.command.trigger;

import io.agentledger.api.flow.FlowCommand.CancelFlow;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowRepository;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionCommand.SupersedeExecution;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskQuery.ListTaskVersions;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.api.task.TaskVersionView;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.ConcurrencyPolicy;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.DeliveryOutcome.Failed;
import io.agentledger.api.trigger.DeliveryOutcome.IgnoreReason;
import io.agentledger.api.trigger.DeliveryOutcome.Ignored;
import io.agentledger.api.trigger.DeliveryOutcome.Queued;
import io.agentledger.api.trigger.DeliveryOutcome.StartedFlow;
import io.agentledger.api.trigger.DeliveryStatus;
import io.agentledger.api.trigger.InboundDeliveryCommand.MergeDelivery;
import io.agentledger.api.trigger.InboundDeliveryCommand.RecordDelivery;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.trigger.CompiledTrigger.Evaluation;
import io.agentledger.command.trigger.InboundDeliveryTable.PendingDelivery;
import io.agentledger.command.trigger.InboundDeliveryTable.Predecessor;
import io.agentledger.command.trigger.TriggerLookupTable.StoredTrigger;
import io.agentledger.command.trigger.TriggerReader.ReadTrigger;
import io.agentledger.store.crypto.ConcurrencyKeys;
import io.agentledger.store.crypto.Sealer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.HandlerExecutionException;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes one delivery: evaluates its payload, queues an execution or starts a flow as the owner
 * of the trigger, or decides about a plan, and records the result. Repeating it has no further
 * effect, because the ids of executions and flows are derived from the delivery.
 */
final class DeliveryProcessor {
  private static final Logger log = LoggerFactory.getLogger(DeliveryProcessor.class);
  private static final int LARGE_BYTES = 1024 * 1024;
  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(30);

  /** Payloads beyond {@link #LARGE_BYTES} take a multiple of their size in memory. */
  private final Semaphore large = new Semaphore(1);

  private final TriggerReader reader;
  private final InboundDeliveryTable deliveries;
  private final TenantMembership members;
  private final ConcurrencyKeys concurrencyKeys;
  private final Sealer sealer;
  private final CommandGateway commands;
  private final QueryGateway queries;
  private final Supplier<@Nullable TaskSessionOpener> sessions;
  private final PlanDecisions decisions;
  private final HelpReplies help;

  DeliveryProcessor(
      TriggerReader reader,
      InboundDeliveryTable deliveries,
      TenantMembership members,
      ConcurrencyKeys concurrencyKeys,
      Sealer sealer,
      CommandGateway commands,
      QueryGateway queries,
      Supplier<@Nullable TaskSessionOpener> sessions,
      HelpReplies help) {
    this.help = help;
    this.reader = reader;
    this.deliveries = deliveries;
    this.members = members;
    this.concurrencyKeys = concurrencyKeys;
    this.sealer = sealer;
    this.commands = commands;
    this.queries = queries;
    this.sessions = sessions;
    this.decisions = new PlanDecisions(commands, queries);
  }

  /** Delivery with its trigger. */
  record Work(StoredTrigger stored, ReadTrigger trigger, PendingDelivery delivery) {
    Provenance provenance() {
      return new Provenance(
          stored.tenant(),
          new Actor(Actor.ActorType.TRIGGER, stored.id().value()),
          Provenance.SYSTEM,
          delivery.requestId(),
          delivery.source());
    }
  }

  /**
   * Processes a delivery.
   *
   * @throws RuntimeException if it is to be tried again
   */
  void process(StoredTrigger stored, PendingDelivery delivery) {
    var work = new Work(stored, reader.read(stored.id(), stored.version()), delivery);
    DeliveryOutcome outcome;
    try {
      outcome =
          stored.paused() || stored.archived() ? new Ignored(IgnoreReason.PAUSED) : evaluate(work);
    } catch (RuntimeException e) {
      var rejection = findRejection(e);
      if (rejection == null || isTemporary(rejection)) throw e;
      outcome = new Failed(rejection.code(), rejection.message());
    }
    record(work, outcome);
  }

  /** Records that a delivery cannot be processed. */
  void fail(StoredTrigger stored, PendingDelivery delivery) {
    record(
        new Work(stored, reader.read(stored.id(), stored.version()), delivery),
        new Failed(
            "processing_failed",
            "The delivery could not be processed. The log of the service has the cause."));
  }

  private void record(Work work, DeliveryOutcome outcome) {
    var delivery = work.delivery();
    send(
        work.provenance(),
        new RecordDelivery(
            delivery.id(),
            work.stored().id(),
            work.trigger().owner(),
            delivery.attempt(),
            outcome));
  }

  private DeliveryOutcome evaluate(Work work) {
    var evaluation = evaluatePayload(work);
    return switch (evaluation) {
      case null ->
          new Failed(
              "evaluation_failed",
              "The condition or a template of the trigger cannot be evaluated for this payload."
                  + " Change the trigger, and process the delivery again.");
      case Evaluation.Ignored(var event, var reason) -> {
        deliveries.describe(work.delivery().id(), "", event.type());
        yield new Ignored(reason);
      }
      case Evaluation.Deciding deciding -> decide(work, deciding);
      case Evaluation.Helping helping -> {
        deliveries.describe(work.delivery().id(), "", helping.event().type());
        yield help.reply(work, helping);
      }
      case Evaluation.Started started -> start(work, started);
    };
  }

  /** Returns null if the payload cannot be evaluated, which another attempt would not change. */
  private static @Nullable Evaluation evaluate(ReadTrigger trigger, String type, String payload) {
    var rules = trigger.rules();
    if (rules == null) return null;
    try {
      return rules.evaluate(type, PayloadReader.toMap(payload));
    } catch (RuntimeException | StackOverflowError e) {
      log.atInfo().setCause(e).log("cannot evaluate a delivery");
      return null;
    }
  }

  private @Nullable Evaluation evaluatePayload(Work work) {
    var delivery = work.delivery();
    var payload = SealedPayload.open(sealer, work.stored().id(), delivery.id(), delivery.payload());
    boolean isLarge = payload.length() > LARGE_BYTES;
    if (isLarge) large.acquireUninterruptibly();
    try {
      return evaluate(work.trigger(), delivery.eventType(), payload);
    } finally {
      if (isLarge) large.release();
    }
  }

  private DeliveryOutcome start(Work work, Evaluation.Started started) {
    var principal = work.trigger().properties().principal();
    var tenant = work.stored().tenant();
    var role = members.findActiveRole(tenant, principal.userId());
    if (role.isEmpty())
      return members.isSuspended(tenant)
          ? new Failed("tenant_suspended", "The tenant is suspended.")
          : new Failed(
              "user_inactive", "The owner of the trigger is disabled or has left the tenant.");
    var delivery = work.delivery();
    var caller = principal.toCaller(tenant, role.get(), work.stored().id());
    var flow = work.trigger().definition().flow();
    var task = findTask(caller, work, started.taskId());
    var step = flow == null ? null : flow.plan();
    var planTask = step == null ? null : findTask(caller, work, step.taskId());
    for (var used : planTask == null ? List.of(task) : List.of(planTask, task)) {
      var obstacle = findObstacle(caller, work, used);
      if (obstacle.isPresent()) return obstacle.get();
    }
    var scope = List.of(work.trigger().owner().value(), work.stored().provider());
    var key = concurrencyKeys.digest(tenant, scope, started.key());
    deliveries.describe(delivery.id(), key, started.event().type());
    DeliveryOutcome outcome;
    if (flow == null) {
      var execution = ExecutionId.ofDelivery(delivery.id(), delivery.attempt());
      sendAs(caller, work, toCommand(work, started, task, execution, key));
      outcome = new Queued(execution, started.command());
    } else {
      var triggered = new TriggeredFlow(work, started, flow, planTask, task);
      var obstacle = triggered.findObstacle().or(() -> findMismatch(caller, triggered));
      if (obstacle.isPresent()) return obstacle.get();
      var command = triggered.toCommand(key);
      sendAs(caller, work, command);
      outcome = new StartedFlow(command.flowId(), started.command());
    }
    if (!key.isEmpty() && work.trigger().properties().concurrency() == ConcurrencyPolicy.MERGE)
      supersedeEarlier(caller, work, key);
    return outcome;
  }

  private Optional<Failed> findObstacle(Caller caller, Work work, TaskView task) {
    if (task.archivedAt() != null)
      return Optional.of(new Failed("archived", "The task " + task.id() + " is archived."));
    var owner = work.trigger().owner();
    if (TaskChanges.isChanged(owner, work.trigger().definition(), task)
        && !(task.ownerId().equals(owner) && hasChangedAlone(caller, work, task)))
      return Optional.of(
          new Failed(
              "task_changed",
              "Another user than the owner of the trigger has changed the task "
                  + task.id()
                  + " since the trigger was saved. Look at it, and save the trigger again."));
    return Optional.empty();
  }

  /** The task or its template may have changed since the trigger was saved. */
  private Optional<Failed> findMismatch(Caller caller, TriggeredFlow triggered) {
    var target = triggered.flow().repository();
    if (target == null) return Optional.empty();
    var checks = Objects.requireNonNull(sessions.get(), "no component opens sessions yet");
    var delivery = triggered.work().delivery();
    var session =
        checks
            .check(caller, delivery.requestId(), triggered.workRequest(), !delivery.signed())
            .toCompletableFuture()
            .orTimeout(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .join();
    var url = session.repositoryUrl();
    return url != null && FlowRepository.isSame(url, target.url())
        ? Optional.empty()
        : Optional.of(
            new Failed(
                "repository_mismatch",
                "The workspace of the work is not a clone of the repository that the flow"
                    + " publishes to. Change the task, or save the trigger with its repository."));
  }

  private void sendAs(Caller caller, Work work, Object command) {
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(caller.asMetadata(work.provenance())));
  }

  /** Returns whether only the owner has changed a task of theirs since the trigger was saved. */
  private boolean hasChangedAlone(Caller caller, Work work, TaskView task) {
    var saved = Objects.requireNonNull(work.trigger().definition().taskVersions());
    var newest = new PageRequest(PageRequest.LIMIT_MAX, null);
    var query = new ListTaskVersions(caller.tenant(), task.id(), newest);
    var versions = this.<Page<TaskVersionView>>query(caller, work, query, Page.class).items();
    return TaskChanges.isByOwner(
        versions, saved.getOrDefault(task.id().value(), 0L), task.ownerId());
  }

  private TaskView findTask(Caller caller, Work work, TaskId task) {
    return query(caller, work, new FindTask(caller.tenant(), task), TaskView.class);
  }

  @SuppressWarnings("unchecked")
  private <R> R query(Caller caller, Work work, Object query, Class<?> result) {
    try {
      return (R)
          queries
              .query(
                  new GenericMessage<>(query, caller.asMetadata(work.provenance())),
                  ResponseTypes.instanceOf(result))
              .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static QueueExecution toCommand(
      Work work, Evaluation.Started started, TaskView task, ExecutionId execution, String key) {
    var definition = work.trigger().definition();
    var delivery = work.delivery();
    return new QueueExecution(
        execution,
        TriggeredFlow.toRef(task),
        work.trigger().properties().principal(),
        new ExecutionTrigger.Webhook(work.stored().id(), delivery.id(), delivery.signed(), key, ""),
        TriggeredFlow.toOptions(task, definition.priority()),
        TriggeredFlow.requestWithEvent(started, task, TriggeredFlow.valuesFor(definition, task)),
        null,
        null);
  }

  /** Replaces what an earlier delivery started, if it waits. */
  private void supersedeEarlier(Caller caller, Work work, String key) {
    for (var predecessor : deliveries.listPredecessors(work.delivery(), key)) {
      boolean superseded =
          predecessor.status() == DeliveryStatus.FLOW_STARTED
              ? supersedeFlow(caller, work, predecessor)
              : send(
                  work.provenance(),
                  new SupersedeExecution(
                      ExecutionId.ofDelivery(predecessor.id(), predecessor.attempt())));
      if (superseded)
        send(work.provenance(), new MergeDelivery(predecessor.id(), work.delivery().id()));
    }
  }

  /** A flow whose first execution is replaced, or was not queued yet, is cancelled. */
  private boolean supersedeFlow(Caller caller, Work work, Predecessor predecessor) {
    var flow = FlowId.ofDelivery(predecessor.id().value(), predecessor.attempt());
    for (var execution : List.of(flow.planExecution(), flow.workExecution()))
      try {
        return send(work.provenance(), new SupersedeExecution(execution));
      } catch (RuntimeException e) {
        if (!(findRejection(e) instanceof Rejection.NotFound)) throw e;
      }
    sendAs(caller, work, new CancelFlow(flow, null));
    return true;
  }

  private DeliveryOutcome decide(Work work, Evaluation.Deciding deciding) {
    deliveries.describe(work.delivery().id(), "", deciding.event().type());
    return decisions.decide(work, deciding);
  }

  private <R> R send(Provenance provenance, Object command) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(provenance.asMetadata()));
  }

  private static boolean isTemporary(Rejection rejection) {
    return rejection instanceof Rejection.TooMany
        || rejection instanceof Rejection.Busy
        || rejection instanceof ProjectionRebuilding;
  }

  private static @Nullable Rejection findRejection(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RejectionException rejected) return rejected.rejection();
      if (cause instanceof HandlerExecutionException handler
          && handler.getDetails().orElse(null) instanceof Rejection rejection) return rejection;
    }
    return null;
  }
}
