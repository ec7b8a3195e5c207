package io.agentledger.projection.mcp;

import io.agentledger.api.mcp.McpConnection;
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
import io.agentledger.api.mcp.McpFindings;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpStanding;
import io.agentledger.projection.support.JsonColumn;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One MCP server as it stands after the event that {@link #sequence} names. */
@Entity
@Table(name = "mcp_server_row")
@SuppressWarnings("NullAway.Init")
public class McpServerRow {
  @Id private String id;
  private String tenant;
  private String owner;
  private String name;

  @Convert(converter = ConnectionColumn.class)
  private McpConnection connection;

  @Convert(converter = LimitsColumn.class)
  private @Nullable McpLimits limits;

  private boolean enabled;
  private boolean suspended;
  private @Nullable String approved;

  @Convert(converter = FindingsColumn.class)
  private @Nullable McpFindings findings;

  private @Nullable String failure;
  private @Nullable Instant checkedAt;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant archivedAt;

  protected McpServerRow() {}

  McpServerRow(String tenant, McpServerRegistered event, Instant at) {
    this.id = event.mcpServerId().value();
    this.tenant = tenant;
    this.owner = event.owner().value();
    this.name = event.name();
    this.connection = event.connection();
    this.enabled = true;
    this.createdAt = at;
    this.updatedAt = at;
  }

  /** Takes in one event; one that it has seen already changes nothing. */
  void take(McpEvent event, long number, Instant at) {
    if (number <= sequence) return;
    sequence = number;
    updatedAt = at;
    switch (event) {
      case McpServerRegistered ignored -> {} // It began with it.
      case McpServerChanged changed -> changed(changed);
      case McpServerLimited to -> limits = to.limits();
      case McpServerEnabled ignored -> enabled = true;
      case McpServerDisabled ignored -> enabled = false;
      case McpServerFound found -> {
        findings = found.findings();
        failure = null;
        checkedAt = at;
      }
      case McpServerFailed failed -> {
        failure = failed.reason();
        checkedAt = at;
      }
      case McpServerApproved agreed -> {
        approved = agreed.digest();
        suspended = false;
      }
      case McpServerSuspended ignored -> suspended = true;
      case McpServerArchived ignored -> archivedAt = at;
    }
  }

  private void changed(McpServerChanged event) {
    name = event.name();
    connection = event.connection();
    approved = null;
    suspended = false;
    findings = null;
    failure = null;
    checkedAt = null;
  }

  public McpStanding standing() {
    if (archivedAt != null) return McpStanding.ARCHIVED;
    if (!enabled) return McpStanding.DISABLED;
    if (suspended) return McpStanding.SUSPENDED;
    return approved == null ? McpStanding.UNAPPROVED : McpStanding.ACTIVE;
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  public String owner() {
    return owner;
  }

  public String name() {
    return name;
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

  /** The digest that was agreed to. */
  public @Nullable String approved() {
    return approved;
  }

  public @Nullable McpFindings findings() {
    return findings;
  }

  public @Nullable String failure() {
    return failure;
  }

  public @Nullable Instant checkedAt() {
    return checkedAt;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  public @Nullable Instant archivedAt() {
    return archivedAt;
  }

  @Immutable
  static final class ConnectionColumn extends JsonColumn<McpConnection> {
    ConnectionColumn() {
      super(McpConnection.class);
    }
  }

  @Immutable
  static final class LimitsColumn extends JsonColumn<McpLimits> {
    LimitsColumn() {
      super(McpLimits.class);
    }
  }

  @Immutable
  static final class FindingsColumn extends JsonColumn<McpFindings> {
    FindingsColumn() {
      super(McpFindings.class);
    }
  }
}
