package io.agentledger.command.mcp;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpEvent;
import io.agentledger.api.mcp.McpEvent.McpServerApproved;
import io.agentledger.api.mcp.McpEvent.McpServerArchived;
import io.agentledger.api.mcp.McpEvent.McpServerChanged;
import io.agentledger.api.mcp.McpEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpEvent.McpServerEnabled;
import io.agentledger.api.mcp.McpEvent.McpServerFailed;
import io.agentledger.api.mcp.McpEvent.McpServerFound;
import io.agentledger.api.mcp.McpEvent.McpServerLimited;
import io.agentledger.api.mcp.McpEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand;
import io.agentledger.api.mcp.McpServerCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ArchiveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ChangeMcpServer;
import io.agentledger.api.mcp.McpServerCommand.CheckMcpServer;
import io.agentledger.api.mcp.McpServerCommand.DisableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.EnableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpFailure;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpFindings;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpStanding;
import io.agentledger.api.shared.McpRejection.NotAsFound;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * How one MCP server is reached and what was agreed to. What is found to be something else than
 * what was agreed to is suspended, whoever found it.
 */
@Aggregate
@SuppressWarnings("NullAway.Init") // The first event fills it.
class McpServer {
  @AggregateIdentifier private McpServerId id;
  private @Nullable String tenant;
  private Registration registration;

  McpServer() {}

  /** A server of another tenant is none: the answer does not tell them apart. */
  @CommandHandlerInterceptor
  void admit(McpServerCommand command, @MetaDataValue(Provenance.TENANT) @Nullable String of) {
    if (id != null && !Objects.equals(tenant, of))
      throw new Rejected(new NotFound("mcp_server", command.mcpServerId().value()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  McpServerId register(RegisterMcpServer command, MetaData by, Checks checks) {
    if (id != null) return id;
    apply(
        new McpServerRegistered(
            command.mcpServerId(), command.owner(), command.name(), command.connection()));
    if (!command.limits().equals(McpLimits.NONE))
      apply(new McpServerLimited(command.mcpServerId(), command.limits()));
    checks.ask(command.mcpServerId(), Provenance.of(by));
    return command.mcpServerId();
  }

  @CommandHandler
  void change(ChangeMcpServer command, MetaData by, Checks checks) {
    refuseArchived();
    limit(command.limits());
    if (registration.is(command.name(), command.connection())) return;
    apply(new McpServerChanged(id, command.name(), command.connection()));
    checks.ask(id, Provenance.of(by));
  }

  private void limit(McpLimits limits) {
    if (!limits.equals(registration.limits())) apply(new McpServerLimited(id, limits));
  }

  @CommandHandler
  void check(CheckMcpServer command, MetaData by, Checks checks) {
    refuseArchived();
    checks.ask(id, Provenance.of(by));
  }

  @CommandHandler
  void enable(EnableMcpServer command) {
    refuseArchived();
    if (!registration.enabled()) apply(new McpServerEnabled(id));
  }

  @CommandHandler
  void disable(DisableMcpServer command) {
    refuseArchived();
    if (registration.enabled()) apply(new McpServerDisabled(id));
  }

  @CommandHandler
  void approve(ApproveMcpServer command) {
    refuseArchived();
    boolean found = !registration.found().isEmpty();
    if (!found || !command.digest().equals(registration.found()))
      throw new Rejected(new NotAsFound(id.value()));
    boolean agreed = command.digest().equals(registration.approved());
    if (!agreed || registration.suspended()) apply(new McpServerApproved(id, command.digest()));
  }

  @CommandHandler
  void archive(ArchiveMcpServer command) {
    if (registration.standing() != McpStanding.ARCHIVED) apply(new McpServerArchived(id));
  }

  @CommandHandler
  void record(RecordMcpFindings command) {
    if (!isNews(command.version())) return;
    var digest = command.findings().digest();
    if (!digest.equals(registration.found()) || !registration.failure().isEmpty())
      apply(new McpServerFound(id, command.findings()));
    boolean other = !registration.approved().isEmpty() && !registration.approved().equals(digest);
    if (other && !registration.suspended()) apply(new McpServerSuspended(id, digest));
  }

  @CommandHandler
  void record(RecordMcpFailure command) {
    if (isNews(command.version()) && !command.reason().equals(registration.failure()))
      apply(new McpServerFailed(id, command.reason()));
  }

  /** Who looked may come late: what it looked at is not what is registered now. */
  private boolean isNews(long version) {
    return registration.standing() != McpStanding.ARCHIVED && registration.version() == version;
  }

  private void refuseArchived() {
    if (registration.standing() == McpStanding.ARCHIVED)
      throw new Rejected(new Archived("mcp_server", id.value()));
  }

  @EventSourcingHandler
  void on(McpServerRegistered event, @MetaDataValue(Provenance.TENANT) @Nullable String of) {
    id = event.mcpServerId();
    tenant = of;
    registration = Registration.of(event);
  }

  @EventSourcingHandler
  void on(McpEvent event) {
    registration = registration.after(event);
  }
}
