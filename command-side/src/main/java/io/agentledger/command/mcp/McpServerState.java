package io.agentledger.command.mcp;

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
import io.agentledger.api.mcp.McpServerStatus;
import io.agentledger.api.session.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * State of an MCP server after an event of its stream.
 *
 * @param version of the connection, from 1
 * @param check result of the last check of this connection
 * @param approval of this connection
 * @param session session that alone uses it; null: sessions of the tenant
 */
record McpServerState(
    String name,
    McpConnection connection,
    McpLimits limits,
    long version,
    Check check,
    Approval approval,
    boolean enabled,
    boolean archived,
    @Nullable SessionId session) {
  /**
   * Result of a check.
   *
   * @param digest digest of the last snapshot; empty before the first
   * @param failure reason why the last check failed; empty if it succeeded
   */
  record Check(String digest, String failure) {
    private static final Check NONE = new Check("", "");
  }

  /**
   * Approval by an admin.
   *
   * @param digest digest of the approved snapshot; empty before the first
   */
  record Approval(String digest, boolean suspended) {
    private static final Approval NONE = new Approval("", false);
  }

  static McpServerState from(McpServerRegistered event) {
    return new McpServerState(
        event.name(),
        event.connection(),
        McpLimits.NONE,
        1,
        Check.NONE,
        Approval.NONE,
        true,
        false,
        null);
  }

  McpServerState apply(McpServerEvent event) {
    return switch (event) {
      case McpServerRegistered registered -> from(registered);
      case McpServerChanged to ->
          new McpServerState(
              to.name(),
              to.connection(),
              limits,
              version + 1,
              Check.NONE,
              Approval.NONE,
              enabled,
              archived,
              session);
      case McpServerAttached to ->
          new McpServerState(
              name,
              connection,
              limits,
              version,
              check,
              approval,
              enabled,
              archived,
              to.sessionId());
      case McpServerChecked checked -> with(new Check(checked.snapshot().digest(), ""), approval);
      case McpServerCheckFailed failed ->
          with(new Check(check.digest(), failed.reason()), approval);
      case McpServerApproved approved -> with(check, new Approval(approved.digest(), false));
      case McpServerSuspended ignored -> with(check, new Approval(approval.digest(), true));
      case McpServerLimitsChanged to -> with(to.limits(), enabled, archived);
      case McpServerEnabled ignored -> with(limits, true, archived);
      case McpServerDisabled ignored -> with(limits, false, archived);
      case McpServerArchived ignored -> with(limits, enabled, true);
    };
  }

  private McpServerState with(Check newCheck, Approval newApproval) {
    return new McpServerState(
        name, connection, limits, version, newCheck, newApproval, enabled, archived, session);
  }

  private McpServerState with(McpLimits newLimits, boolean nowEnabled, boolean nowArchived) {
    return new McpServerState(
        name, connection, newLimits, version, check, approval, nowEnabled, nowArchived, session);
  }

  boolean isSame(String otherName, McpConnection other) {
    return name.equals(otherName) && connection.equals(other);
  }

  /** Returns whether it belongs to a session. */
  boolean isAttached() {
    return session != null;
  }

  /** Returns whether it exists for a session: it is attached to this session or to none. */
  boolean isVisibleTo(SessionId other) {
    return session == null || session.equals(other);
  }

  McpServerStatus status() {
    if (archived) return McpServerStatus.ARCHIVED;
    if (!enabled) return McpServerStatus.DISABLED;
    if (approval.suspended()) return McpServerStatus.SUSPENDED;
    return approval.digest().isEmpty() && !isAttached()
        ? McpServerStatus.UNAPPROVED
        : McpServerStatus.ACTIVE;
  }
}
