package io.agentledger.command.trigger;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionCommand.SupersedeExecution;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.ConcurrencyPolicy;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.DeliveryOutcome.Failed;
import io.agentledger.api.trigger.DeliveryOutcome.IgnoreReason;
import io.agentledger.api.trigger.DeliveryOutcome.Ignored;
import io.agentledger.api.trigger.DeliveryOutcome.Queued;
import io.agentledger.api.trigger.InboundDeliveryCommand.MergeDelivery;
import io.agentledger.api.trigger.InboundDeliveryCommand.RecordDelivery;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.trigger.CompiledTrigger.Evaluation;
import io.agentledger.command.trigger.InboundDeliveryTable.PendingDelivery;
import io.agentledger.command.trigger.TriggerLookupTable.StoredTrigger;
import io.agentledger.command.trigger.TriggerReader.ReadTrigger;
import io.agentledger.store.crypto.Sealer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
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
 * Processes one delivery: evaluates its payload, queues an execution as the owner of the trigger,
 * and records the result. Repeating it has no further effect, because the id of the execution is
 * derived from the delivery.
 */
final class DeliveryProcessor {
  private static final Logger log = LoggerFactory.getLogger(DeliveryProcessor.class);
  private static final int LARGE_BYTES = 1024 * 1024;

  /** Payloads beyond {@link #LARGE_BYTES} take a multiple of their size in memory. */
  private final Semaphore large = new Semaphore(1);

  private final TriggerReader reader;
  private final InboundDeliveryTable deliveries;
  private final TenantMembership members;
  private final ConcurrencyKeys concurrencyKeys;
  private final Sealer sealer;
  private final CommandGateway commands;
  private final QueryGateway queries;

  DeliveryProcessor(
      TriggerReader reader,
      InboundDeliveryTable deliveries,
      TenantMembership members,
      ConcurrencyKeys concurrencyKeys,
      Sealer sealer,
      CommandGateway commands,
      QueryGateway queries) {
    this.reader = reader;
    this.deliveries = deliveries;
    this.members = members;
    this.concurrencyKeys = concurrencyKeys;
    this.sealer = sealer;
    this.commands = commands;
    this.queries = queries;
  }

  /** Delivery with its trigger. */
  private record Work(StoredTrigger stored, ReadTrigger trigger, PendingDelivery delivery) {
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
      return new Failed(
          "user_inactive", "The owner of the trigger is disabled or has left the tenant.");
    var delivery = work.delivery();
    var caller = principal.toCaller(tenant, role.get(), work.stored().id());
    var task = findTask(caller, work, started);
    if (task.archivedAt() != null)
      return new Failed("archived", "The task " + task.id() + " is archived.");
    if (isChangedByOther(work.trigger().owner(), work.trigger().definition(), task))
      return new Failed(
          "task_changed",
          "The task "
              + task.id()
              + " of another user has changed since the trigger was saved. Look at it, and save"
              + " the trigger again.");
    var scope = List.of(work.trigger().owner().value(), work.stored().provider());
    var key = concurrencyKeys.digest(tenant, scope, started.key());
    deliveries.describe(delivery.id(), key, started.event().type());
    var execution = ExecutionId.ofDelivery(delivery.id(), delivery.attempt());
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(toCommand(work, started, task, execution, key))
            .withMetaData(caller.asMetadata(work.provenance())));
    if (!key.isEmpty() && work.trigger().properties().concurrency() == ConcurrencyPolicy.MERGE)
      supersedeEarlier(work, key);
    return new Queued(execution, started.command());
  }

  /** Another user must not change what runs with the rights of the owner of the trigger. */
  static boolean isChangedByOther(UserId owner, TriggerDefinition definition, TaskView task) {
    var versions = definition.taskVersions();
    return !task.ownerId().equals(owner)
        && (versions == null || !Objects.equals(versions.get(task.id().value()), task.version()));
  }

  private TaskView findTask(Caller caller, Work work, Evaluation.Started started) {
    var query = new FindTask(caller.tenant(), started.taskId());
    try {
      return queries
          .query(
              new GenericMessage<>(query, caller.asMetadata(work.provenance())),
              ResponseTypes.instanceOf(TaskView.class))
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static QueueExecution toCommand(
      Work work, Evaluation.Started started, TaskView task, ExecutionId execution, String key) {
    var definition = work.trigger().definition();
    var delivery = work.delivery();
    var timeout = task.timeout();
    return new QueueExecution(
        execution,
        new TaskRef(task.id(), task.version(), task.name()),
        work.trigger().properties().principal(),
        new ExecutionTrigger.Webhook(work.stored().id(), delivery.id(), delivery.signed(), key),
        new ExecutionOptions(
            Objects.requireNonNullElse(definition.priority(), task.priority()),
            timeout == null ? Duration.ZERO : timeout,
            task.retry().maxAttempts(),
            task.retry().delay()),
        new ExecutionRequest(
            task.variables(), task.session(), toPrompt(started, task), valuesFor(work, task)),
        null,
        null);
  }

  /** Placeholders of tasks in texts from outside are literal text. */
  private static String toPrompt(Evaluation.Started started, TaskView task) {
    var literal = started.prompt().replace("${", "$${");
    var prompt = task.prompt();
    return prompt == null || started.replacesPrompt() ? literal : prompt + "\n\n" + literal;
  }

  private static Map<String, String> valuesFor(Work work, TaskView task) {
    var values = work.trigger().definition().variables();
    var known = task.variables().stream().map(variable -> variable.name()).toList();
    return values.entrySet().stream()
        .filter(value -> known.contains(value.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Replaces the last earlier execution if it waits; those before it were replaced by it. */
  private void supersedeEarlier(Work work, String key) {
    var earlier = deliveries.findPredecessor(work.delivery(), key);
    if (earlier.isEmpty()) return;
    boolean superseded =
        send(
            work.provenance(),
            new SupersedeExecution(new ExecutionId(earlier.get().executionId())));
    if (superseded)
      send(work.provenance(), new MergeDelivery(earlier.get().id(), work.delivery().id()));
  }

  private <R> R send(Provenance provenance, Object command) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(provenance.asMetadata()));
  }

  private static boolean isTemporary(Rejection rejection) {
    return rejection instanceof Rejection.TooMany || rejection instanceof Rejection.Busy;
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
