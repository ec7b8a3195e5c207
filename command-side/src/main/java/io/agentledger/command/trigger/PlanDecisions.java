package io.agentledger.command.trigger;

import io.agentledger.api.flow.FlowCommand.DecideFlowFromSource;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowQuery;
import io.agentledger.api.flow.FlowQuery.ListFlowsDecidedFromSource;
import io.agentledger.api.flow.FlowQuery.ListFlowsToDecide;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.DeliveryOutcome.Decided;
import io.agentledger.api.trigger.DeliveryOutcome.IgnoreReason;
import io.agentledger.api.trigger.DeliveryOutcome.Ignored;
import io.agentledger.command.trigger.CompiledTrigger.Evaluation;
import io.agentledger.command.trigger.DeliveryProcessor.Work;
import java.util.List;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;

/** Decides about plans as the authors of comments. */
record PlanDecisions(CommandGateway commands, QueryGateway queries) {
  /**
   * Decides about the plan of the one flow that waits at the item of an event. The sender learns
   * nothing. A delivery that a user processes again never decides: its comment was written about an
   * earlier plan.
   */
  DeliveryOutcome decide(Work work, Evaluation.Deciding deciding) {
    var comment = deciding.comment();
    var delivery = work.delivery();
    var author = comment.author();
    if (author.isEmpty()
        || delivery.attempt() > 1
        || !delivery.signed()
        || !TriggeredFlow.signsContent(work.trigger().properties().signature().scheme()))
      return new Ignored(IgnoreReason.NOT_PERMITTED);
    var item = deciding.item();
    var waiting =
        item.map(source -> findUndecided(work, source)).orElse(List.of()).stream()
            .filter(flow -> comment.flow() == null || comment.flow().equals(flow))
            .toList();
    if (waiting.isEmpty() && item.isPresent()) waiting = findDecided(work, item.get());
    if (waiting.isEmpty()) return new Ignored(IgnoreReason.NOTHING_TO_DECIDE);
    if (waiting.size() > 1) return new Ignored(IgnoreReason.SEVERAL_FLOWS);
    var flow = waiting.getFirst();
    var command =
        new DecideFlowFromSource(
            flow,
            item.orElseThrow().provider(),
            author.get().accountId(),
            comment.decision(),
            comment.reason(),
            author.get().writtenAt(),
            work.stored().id().value(),
            delivery.id().value(),
            work.trigger().properties().principal());
    boolean decided =
        commands.sendAndWait(
            GenericCommandMessage.asCommandMessage(command)
                .withMetaData(work.provenance().asMetadata()));
    return decided
        ? new Decided(flow, comment.decision())
        : new Ignored(IgnoreReason.NOT_PERMITTED);
  }

  private List<FlowId> findUndecided(Work work, SourceReference item) {
    return list(
        new ListFlowsToDecide(
            work.stored().tenant(), item.provider(), item.project(), item.item()));
  }

  /** The process may have ended after the decision, before the delivery was recorded. */
  private List<FlowId> findDecided(Work work, SourceReference item) {
    return list(
        new ListFlowsDecidedFromSource(
            work.stored().tenant(),
            item.provider(),
            item.project(),
            item.item(),
            work.delivery().id().value()));
  }

  private List<FlowId> list(FlowQuery query) {
    return queries
        .query(
            new GenericMessage<>(query, MessageAuthorizer.SYSTEM),
            ResponseTypes.multipleInstancesOf(FlowId.class))
        .join();
  }
}
