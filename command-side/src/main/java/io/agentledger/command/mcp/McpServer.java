package io.agentledger.command.mcp;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand;
import io.agentledger.api.mcp.McpServerCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ArchiveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ChangeMcpServer;
import io.agentledger.api.mcp.McpServerCommand.CheckMcpServer;
import io.agentledger.api.mcp.McpServerCommand.DisableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.EnableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpCheck;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpCheckFailure;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerApproved;
import io.agentledger.api.mcp.McpServerEvent.McpServerArchived;
import io.agentledger.api.mcp.McpServerEvent.McpServerChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerEnabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerLimitsChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpServerEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerStatus;
import io.agentledger.api.shared.McpRejection.McpSnapshotMismatch;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
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
 * MCP server with its connection and approval. It is suspended when a check finds another snapshot
 * than the approved one.
 */
@Aggregate(type = "McpServer")
@SuppressWarnings("NullAway.Init") // The first event fills it.
class McpServer {
  @AggregateIdentifier private McpServerId id;
  private @Nullable String tenant;
  private McpServerState state;

  McpServer() {}

  /** A server of another tenant is none: the answer does not tell them apart. */
  @CommandHandlerInterceptor
  void checkTenant(
      McpServerCommand command, @MetaDataValue(Provenance.TENANT) @Nullable String tenantId) {
    if (id != null && !Objects.equals(tenant, tenantId))
      throw new RejectionException(new NotFound("mcp_server", command.mcpServerId().value()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  McpServerId register(
      RegisterMcpServer command, MetaData metaData, McpServerCheckScheduler checks) {
    if (id != null) return id;
    apply(
        new McpServerRegistered(
            command.mcpServerId(), command.ownerId(), command.name(), command.connection()));
    if (!command.limits().equals(McpLimits.NONE))
      apply(new McpServerLimitsChanged(command.mcpServerId(), command.limits()));
    checks.schedule(command.mcpServerId(), Provenance.of(metaData));
    return command.mcpServerId();
  }

  @CommandHandler
  void change(ChangeMcpServer command, MetaData metaData, McpServerCheckScheduler checks) {
    requireNotArchived();
    changeLimits(command.limits());
    if (state.isSame(command.name(), command.connection())) return;
    apply(new McpServerChanged(id, command.name(), command.connection()));
    checks.schedule(id, Provenance.of(metaData));
  }

  private void changeLimits(McpLimits limits) {
    if (!limits.equals(state.limits())) apply(new McpServerLimitsChanged(id, limits));
  }

  @CommandHandler
  void check(CheckMcpServer command, MetaData metaData, McpServerCheckScheduler checks) {
    requireNotArchived();
    checks.schedule(id, Provenance.of(metaData));
  }

  @CommandHandler
  void enable(EnableMcpServer command) {
    requireNotArchived();
    if (!state.enabled()) apply(new McpServerEnabled(id));
  }

  @CommandHandler
  void disable(DisableMcpServer command) {
    requireNotArchived();
    if (state.enabled()) apply(new McpServerDisabled(id));
  }

  @CommandHandler
  void approve(ApproveMcpServer command) {
    requireNotArchived();
    boolean isChecked = !state.checkedDigest().isEmpty();
    if (!isChecked || !command.digest().equals(state.checkedDigest()))
      throw new RejectionException(new McpSnapshotMismatch(id.value()));
    boolean isApproved = command.digest().equals(state.approvedDigest());
    if (!isApproved || state.suspended()) apply(new McpServerApproved(id, command.digest()));
  }

  @CommandHandler
  void archive(ArchiveMcpServer command) {
    if (state.status() != McpServerStatus.ARCHIVED) apply(new McpServerArchived(id));
  }

  @CommandHandler
  void record(RecordMcpCheck command) {
    if (!isCurrent(command.version())) return;
    var digest = command.snapshot().digest();
    if (!digest.equals(state.checkedDigest()) || !state.failure().isEmpty())
      apply(new McpServerChecked(id, command.snapshot()));
    boolean other = !state.approvedDigest().isEmpty() && !state.approvedDigest().equals(digest);
    if (other && !state.suspended()) apply(new McpServerSuspended(id, digest));
  }

  @CommandHandler
  void record(RecordMcpCheckFailure command) {
    if (isCurrent(command.version()) && !command.reason().equals(state.failure()))
      apply(new McpServerCheckFailed(id, command.reason()));
  }

  /** Who looked may come late: what it looked at is not what is registered now. */
  private boolean isCurrent(long version) {
    return state.status() != McpServerStatus.ARCHIVED && state.version() == version;
  }

  private void requireNotArchived() {
    if (state.status() == McpServerStatus.ARCHIVED)
      throw new RejectionException(new Archived("mcp_server", id.value()));
  }

  @EventSourcingHandler
  void on(McpServerRegistered event, @MetaDataValue(Provenance.TENANT) @Nullable String tenantId) {
    id = event.mcpServerId();
    tenant = tenantId;
    state = McpServerState.from(event);
  }

  @EventSourcingHandler
  void on(McpServerEvent event) {
    state = state.apply(event);
  }
}
