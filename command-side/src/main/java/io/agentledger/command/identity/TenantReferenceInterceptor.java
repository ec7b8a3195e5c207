package io.agentledger.command.identity;

import io.agentledger.api.agent.AgentEvent.AgentArchived;
import io.agentledger.api.agent.AgentEvent.AgentChanged;
import io.agentledger.api.agent.AgentEvent.AgentCreated;
import io.agentledger.api.agent.AgentEvent.AgentRestored;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.agent.DefaultAgentIds;
import io.agentledger.api.flow.FlowCommand.StartFlow;
import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.hook.HookCommand.CreateHook;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueAgentToken;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpServerCommand.ChangeMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Rejects commands in which a policy, a hook, a token, a flow or an MCP server refers to a session,
 * an agent or a vault of another tenant, or a token to an agent that its caller cannot see. The
 * rejection is the same as for one that does not exist.
 */
final class TenantReferenceInterceptor implements MessageHandlerInterceptor<CommandMessage<?>> {
  private static final Pattern VAULT = Pattern.compile("\\$\\{vault:(vlt_[a-z0-9]{10})/");

  private final DefaultAgentIds defaultAgentIds;
  private final EventStore events;
  private final SecretReader vaults;

  TenantReferenceInterceptor(
      DefaultAgentIds defaultAgentIds, EventStore events, SecretReader vaults) {
    this.defaultAgentIds = defaultAgentIds;
    this.events = events;
    this.vaults = vaults;
  }

  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    var metaData = unit.getMessage().getMetaData();
    if (metaData.get(Provenance.TENANT) instanceof String tenant)
      check(unit.getMessage().getPayload(), new TenantId(tenant));
    if (unit.getMessage().getPayload() instanceof IssueAgentToken token)
      Caller.of(metaData).ifPresent(caller -> requireUsable(token.agentId(), caller));
    return chain.proceed();
  }

  private void check(Object command, TenantId tenant) {
    switch (command) {
      case CreatePolicy policy -> check(policy.scope(), tenant);
      case CreateHook hook -> check(hook.scope(), tenant);
      case IssueAgentToken token -> requireAgent(token.agentId(), tenant);
      case RegisterMcpServer server -> requireVaults(server.connection(), tenant);
      case ChangeMcpServer server -> requireVaults(server.connection(), tenant);
      case StartFlow flow -> requireVaults(flow.definition(), tenant);
      default -> {}
    }
  }

  private void check(PolicyScope scope, TenantId tenant) {
    switch (scope) {
      case PolicyScope.Tenant _ -> {}
      case PolicyScope.Agent agent -> requireAgent(agent.agentId(), tenant);
      case PolicyScope.Session session -> requireOwn("session", session.sessionId(), tenant);
      case PolicyScope.Trigger trigger -> requireOwn("trigger", trigger.triggerId(), tenant);
      case PolicyScope.Channel channel -> requireOwn("channel", channel.channelId(), tenant);
    }
  }

  /** Checks the tenant in the first event. */
  private void requireOwn(String type, Id id, TenantId tenant) {
    var history = events.readEvents(id.value(), 0);
    if (!history.hasNext()
        || !tenant.value().equals(history.next().getMetaData().get(Provenance.TENANT)))
      throw notFound(type, id.value());
  }

  /** Checks the agent: the default one of a new tenant may be used before it is installed. */
  private void requireAgent(AgentId agent, TenantId tenant) {
    if (!agent.equals(defaultAgentIds.idFor(tenant))) requireOwn("agent", agent, tenant);
  }

  /** Checks that the caller can see the agent, and that it is not archived. */
  private void requireUsable(AgentId agent, Caller caller) {
    boolean isVisible = caller.has(Scope.SESSIONS_WRITE_ALL);
    boolean isShared = agent.equals(defaultAgentIds.idFor(caller.tenant()));
    boolean isArchived = false;
    var history = events.readEvents(agent.value(), 0);
    while (history.hasNext())
      switch (history.next().getPayload()) {
        case AgentCreated created -> {
          isVisible |= created.ownerId().equals(caller.user());
          isShared = isShared(created.sharing(), created.sharedWith(), caller);
        }
        case AgentChanged changed ->
            isShared = isShared(changed.sharing(), changed.sharedWith(), caller);
        case AgentArchived _ -> isArchived = true;
        case AgentRestored _ -> isArchived = false;
        default -> {}
      }
    if (!isVisible && !isShared) throw notFound("agent", agent.value());
    if (isArchived) throw new RejectionException(new Archived("agent", agent.value()));
  }

  private static boolean isShared(AgentSharing sharing, List<UserId> sharedWith, Caller caller) {
    return sharing.viewers(sharedWith).includes(caller.user());
  }

  private void requireVaults(McpConnection connection, TenantId tenant) {
    requireVaults(texts(connection).flatMap(TenantReferenceInterceptor::vaults).toList(), tenant);
  }

  private void requireVaults(FlowDefinition flow, TenantId tenant) {
    requireVaults(flow.credentials().stream().map(SecretRef::vaultId).toList(), tenant);
  }

  private void requireVaults(List<VaultId> named, TenantId tenant) {
    vaults.findUnusable(tenant, named).stream()
        .findFirst()
        .ifPresent(
            vault -> {
              throw notFound("vault", vault.value());
            });
  }

  private static Stream<String> texts(McpConnection connection) {
    return switch (connection) {
      case McpConnection.Stdio program ->
          Stream.concat(program.args().stream(), program.env().values().stream());
      case McpConnection.Http server ->
          Stream.concat(Stream.of(server.url()), server.headers().values().stream());
      case McpConnection.Sse server ->
          Stream.concat(Stream.of(server.url()), server.headers().values().stream());
    };
  }

  private static Stream<VaultId> vaults(String text) {
    return VAULT.matcher(text).results().map(vault -> new VaultId(vault.group(1)));
  }

  private static RejectionException notFound(String type, String id) {
    return new RejectionException(new NotFound(type, id));
  }
}
