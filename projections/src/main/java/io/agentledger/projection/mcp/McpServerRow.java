package io.agentledger.projection.mcp;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
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
import io.agentledger.api.mcp.McpServerSnapshot;
import io.agentledger.api.mcp.McpServerStatus;
import io.agentledger.projection.support.ConfigurationRow;
import io.agentledger.projection.support.JsonConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One MCP server. */
@Entity
@Table(name = "mcp_server_row")
@SuppressWarnings("NullAway.Init")
public class McpServerRow extends ConfigurationRow {
  private String owner;
  private @Nullable String sessionId;

  @Convert(converter = ConnectionColumn.class)
  private McpConnection connection;

  @Convert(converter = LimitsColumn.class)
  private @Nullable McpLimits limits;

  private boolean enabled;
  private boolean suspended;
  private @Nullable String approvedDigest;

  @Convert(converter = SnapshotColumn.class)
  private @Nullable McpServerSnapshot snapshot;

  private @Nullable String failure;
  private @Nullable Instant checkedAt;

  @Formula("(select c.checked_at from mcp_check c where c.mcp_server_id = id)")
  private @Nullable Instant lastCheckedAt;

  protected McpServerRow() {}

  McpServerRow(McpServerRegistered event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.owner = event.ownerId().value();
    this.connection = event.connection();
    this.enabled = true;
  }

  void apply(McpServerEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case McpServerRegistered ignored -> {} // The constructor applied this event.
      case McpServerAttached to -> sessionId = to.sessionId().value();
      case McpServerChanged changed -> onChanged(changed);
      case McpServerLimitsChanged to -> limits = to.limits();
      case McpServerEnabled ignored -> enabled = true;
      case McpServerDisabled ignored -> enabled = false;
      case McpServerChecked mcpServerChecked -> {
        snapshot = mcpServerChecked.snapshot();
        failure = null;
        checkedAt = message.getTimestamp();
      }
      case McpServerCheckFailed failed -> {
        failure = failed.reason();
        checkedAt = message.getTimestamp();
      }
      case McpServerApproved mcpServerApproved -> {
        approvedDigest = mcpServerApproved.digest();
        suspended = false;
      }
      case McpServerSuspended ignored -> suspended = true;
      case McpServerArchived ignored -> archive(message);
    }
  }

  private void onChanged(McpServerChanged event) {
    rename(event.name());
    connection = event.connection();
    approvedDigest = null;
    suspended = false;
    snapshot = null;
    failure = null;
    checkedAt = null;
  }

  public McpServerStatus status() {
    if (archivedAt() != null) return McpServerStatus.ARCHIVED;
    if (!enabled) return McpServerStatus.DISABLED;
    if (suspended) return McpServerStatus.SUSPENDED;
    return approvedDigest == null && sessionId == null
        ? McpServerStatus.UNAPPROVED
        : McpServerStatus.ACTIVE;
  }

  public String owner() {
    return owner;
  }

  /** Returns the session that alone uses the server; null for none. */
  public @Nullable String sessionId() {
    return sessionId;
  }

  public McpConnection connection() {
    return connection;
  }

  public McpLimits limits() {
    return limits == null ? McpLimits.NONE : limits;
  }

  public boolean enabled() {
    return enabled;
  }

  /** Returns the digest that was approved. */
  public @Nullable String approvedDigest() {
    return approvedDigest;
  }

  public @Nullable McpServerSnapshot snapshot() {
    return snapshot;
  }

  public @Nullable String failure() {
    return failure;
  }

  /** The time of the last check, to some seconds; null before the first check of the connection. */
  public @Nullable Instant checkedAt() {
    return checkedAt != null && lastCheckedAt != null && lastCheckedAt.isAfter(checkedAt)
        ? lastCheckedAt
        : checkedAt;
  }

  @Immutable
  static final class ConnectionColumn extends JsonConverter<McpConnection> {
    ConnectionColumn() {
      super(McpConnection.class);
    }
  }

  @Immutable
  static final class LimitsColumn extends JsonConverter<McpLimits> {
    LimitsColumn() {
      super(McpLimits.class);
    }
  }

  @Immutable
  static final class SnapshotColumn extends JsonConverter<McpServerSnapshot> {
    SnapshotColumn() {
      super(McpServerSnapshot.class);
    }
  }
}
