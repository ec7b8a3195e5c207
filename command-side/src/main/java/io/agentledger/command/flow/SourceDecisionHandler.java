package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand.DecideFlow;
import io.agentledger.api.flow.FlowCommand.DecideFlowFromSource;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.SourceDecision;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.command.support.TenantMembership;
import java.time.Duration;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.HandlerExecutionException;
import org.axonframework.messaging.MetaData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about plans as the users to whom accounts at providers are mapped. The flow itself checks
 * the right of the user, as for a request of theirs; what it refuses is only text.
 */
final class SourceDecisionHandler {
  private static final Logger log = LoggerFactory.getLogger(SourceDecisionHandler.class);

  /** Of a provider. A comment about an earlier plan must not decide about this one. */
  private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofSeconds(5);

  private final FlowReader reader;
  private final TenantMembership members;
  private final FlowCommandSender commands;

  SourceDecisionHandler(FlowReader reader, TenantMembership members, FlowCommandSender commands) {
    this.reader = reader;
    this.members = members;
    this.commands = commands;
  }

  @CommandHandler
  boolean decide(DecideFlowFromSource command, MetaData metaData) {
    var delivery = Provenance.of(metaData);
    var tenant = delivery.tenant();
    var flow = reader.read(command.flowId());
    if (command.deliveryId().equals(flow.decidedBy())) return true; // Before a crash.
    if (!isOfTrigger(command, flow) || !isNewerThanPlan(command, flow)) return false;
    var id = SourceIdentityId.of(tenant, command.provider(), command.accountId());
    var user = reader.findUser(id);
    if (user.isEmpty() || !mayOwnerSpeakAs(user.get(), command, tenant)) return false;
    var role = members.findActiveRole(tenant, user.get());
    return role.isPresent()
        && isDecided(
            command,
            new SourceDecision(id, command.triggerId(), command.deliveryId()),
            Caller.ofUser(tenant, user.get(), Provenance.SYSTEM, role.get()),
            delivery);
  }

  /**
   * A secret is as safe as where it is kept: a trigger decides about the flows that it started, and
   * about those of users.
   */
  private static boolean isOfTrigger(DecideFlowFromSource command, FlowState flow) {
    return !(flow.origin() instanceof FlowOrigin.Trigger started)
        || started.triggerId().equals(command.triggerId());
  }

  /** A comment about an earlier plan, which somebody sent again, does not decide about this one. */
  private static boolean isNewerThanPlan(DecideFlowFromSource command, FlowState flow) {
    var until = flow.decideUntil();
    if (until == null) return false;
    var requestedAt = until.minus(flow.definition().approvalTimeout());
    return !command.writtenAt().isBefore(requestedAt.minus(CLOCK_DIFFERENCE_MAX));
  }

  /**
   * The owner of the trigger knows its secret, so the comment may be theirs: it must be of their
   * own account, or they may decide about every flow anyway.
   */
  private boolean mayOwnerSpeakAs(UserId user, DecideFlowFromSource command, TenantId tenant) {
    var owner = command.trigger();
    return members
        .findActiveRole(tenant, owner.userId())
        .map(role -> owner.toCaller(tenant, role))
        .filter(caller -> caller.role() != Role.AGENT && caller.has(Scope.SESSIONS_WRITE))
        .filter(caller -> caller.user().equals(user) || caller.has(Scope.SESSIONS_WRITE_ALL))
        .isPresent();
  }

  /** The audit shows the address that sent the comment. */
  private boolean isDecided(
      DecideFlowFromSource command, SourceDecision via, Caller user, Provenance delivery) {
    try {
      commands.sendAs(
          user,
          new DecideFlow(command.flowId(), command.decision(), command.reason(), via, null),
          delivery.request(),
          delivery.source());
      return true;
    } catch (HandlerExecutionException refused) {
      if (!(refused.getDetails().orElse(null) instanceof Rejection rejection)) throw refused;
      log.atInfo()
          .addKeyValue("flowId", command.flowId())
          .addKeyValue("code", rejection.code())
          .log("a comment about a plan decides nothing");
      return false;
    }
  }
}
