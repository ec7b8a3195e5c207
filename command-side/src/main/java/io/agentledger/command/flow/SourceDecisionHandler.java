package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand.DecideFlow;
import io.agentledger.api.flow.FlowCommand.DecideFlowFromSource;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.command.support.TenantMembership;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.HandlerExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about plans as the users to whom identities at providers are mapped. The flow itself
 * checks the right of the user, as for a request of theirs; what it refuses is only text.
 */
final class SourceDecisionHandler {
  private static final Logger log = LoggerFactory.getLogger(SourceDecisionHandler.class);

  private final FlowReader reader;
  private final TenantMembership members;
  private final FlowCommandSender commands;

  SourceDecisionHandler(FlowReader reader, TenantMembership members, FlowCommandSender commands) {
    this.reader = reader;
    this.members = members;
    this.commands = commands;
  }

  @CommandHandler
  boolean decide(DecideFlowFromSource command, TenantId tenant) {
    for (var identity : command.identities()) {
      var id = SourceIdentityId.of(tenant, command.provider(), identity);
      var user = reader.findUser(id);
      if (user.isPresent()) {
        var role = members.findActiveRole(tenant, user.get());
        return role.isPresent()
            && isDecided(
                command, id, Caller.ofUser(tenant, user.get(), Provenance.SYSTEM, role.get()));
      }
    }
    return false;
  }

  private boolean isDecided(DecideFlowFromSource command, SourceIdentityId via, Caller user) {
    try {
      commands.sendAs(
          user, new DecideFlow(command.flowId(), command.decision(), command.reason(), via, null));
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
