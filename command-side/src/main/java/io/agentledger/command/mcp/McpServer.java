package io.agentledger.command.mcp;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpLimits;
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
import io.agentledger.api.mcp.McpServerEvent.McpServerAttached;
import io.agentledger.api.mcp.McpServerEvent.McpServerChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerEnabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerLimitsChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpServerEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.shared.McpRejection.McpSnapshotMismatch;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * MCP server with its connection and approval. It is suspended when a check finds another snapshot
 * than the approved one.
 */
@Aggregate(type = "McpServer")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class McpServer extends ConfigurationAggregate<McpServerId> {
  private McpServerState state;

  McpServer() {}

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
    var session = command.session();
    if (session == null) checks.schedule(command.mcpServerId(), Provenance.of(metaData));
    else apply(new McpServerAttached(command.mcpServerId(), session)); // Its first run connects.
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
    boolean isChecked = !state.check().digest().isEmpty();
    if (!isChecked || !command.digest().equals(state.check().digest()))
      throw new RejectionException(new McpSnapshotMismatch(id.value()));
    boolean isApproved = command.digest().equals(state.approval().digest());
    if (!isApproved || state.approval().suspended())
      apply(new McpServerApproved(id, command.digest()));
  }

  @CommandHandler
  void archive(ArchiveMcpServer command) {
    if (!archived) apply(new McpServerArchived(id));
  }

  @CommandHandler
  void record(RecordMcpCheck command) {
    if (!isCurrent(command.version())) return;
    var digest = command.snapshot().digest();
    if (!digest.equals(state.check().digest()) || !state.check().failure().isEmpty())
      apply(new McpServerChecked(id, command.snapshot()));
    if (state.isAttached() && state.approval().digest().isEmpty()) {
      apply(new McpServerApproved(id, digest));
      return;
    }
    boolean other =
        !state.approval().digest().isEmpty() && !state.approval().digest().equals(digest);
    if (other && !state.approval().suspended()) apply(new McpServerSuspended(id, digest));
  }

  @CommandHandler
  void record(RecordMcpCheckFailure command) {
    if (isCurrent(command.version()) && !isSameReason(command.reason(), state.check().failure()))
      apply(new McpServerCheckFailed(id, command.reason()));
  }

  /** Reasons may quote a program, whose line contains a time or a process id. */
  private static boolean isSameReason(String reason, String other) {
    return reason.replaceAll("\\d+", "0").equals(other.replaceAll("\\d+", "0"));
  }

  /**
   * Returns whether a check was made of the current connection; a late check may be of an older
   * one.
   */
  private boolean isCurrent(long version) {
    return !archived && state.version() == version;
  }

  @EventSourcingHandler
  void on(McpServerRegistered event, TenantId tenant) {
    create(event.mcpServerId(), tenant);
    state = McpServerState.from(event);
  }

  @EventSourcingHandler
  void on(McpServerEvent event) {
    state = state.apply(event);
    archived = state.archived();
  }
}
