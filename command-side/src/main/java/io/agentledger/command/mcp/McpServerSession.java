package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.command.mcp.connection.ElicitationChannel;
import io.agentledger.command.mcp.connection.JsonRpcAdapter;
import io.agentledger.command.mcp.connection.McpClientConnection;
import io.agentledger.command.mcp.connection.McpConnectionException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Connection of one process to one server. It is opened at the first message, and again after it
 * broke or when the approved snapshot has changed. Each message first checks whether the server may
 * still be used.
 */
final class McpServerSession implements AutoCloseable {
  private final McpServerChecker mcpServerChecker;
  private final Provenance provenance;
  private final McpServerId server;
  private final ElicitationChannel elicitationChannel;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable McpClientConnection mcpClientConnection;
  private boolean closed;

  McpServerSession(
      McpServerChecker mcpServerChecker,
      Provenance provenance,
      McpServerId server,
      ElicitationChannel elicitationChannel) {
    this.mcpServerChecker = mcpServerChecker;
    this.provenance = provenance;
    this.server = server;
    this.elicitationChannel = elicitationChannel;
  }

  /** Returns why the server cannot be used, as the end of a sentence; empty if it can. */
  Optional<String> findFailure() {
    return mcpServerChecker.findFailure(provenance.tenant(), server);
  }

  JsonNode answer(JsonNode message) {
    try {
      return answerOnce(message);
    } catch (McpConnectionException mcpConnectionException) {
      return JsonRpcAdapter.failure(
          message, "The MCP server cannot be used: " + mcpConnectionException.getMessage() + ".");
    }
  }

  /**
   * Responds to a message; drops a connection that is broken, so that the next message opens
   * another one.
   */
  private JsonNode answerOnce(JsonNode message) {
    String approvedDigest =
        mcpServerChecker.requireActive(provenance.tenant(), server).approval().digest();
    boolean isInitialize = message.path("method").asString("").equals("initialize");
    var used = connect(approvedDigest, isInitialize);
    try {
      return JsonRpcAdapter.answer(used, message);
    } catch (McpConnectionException mcpConnectionException) {
      if (!used.isAlive()) drop(used);
      throw mcpConnectionException;
    }
  }

  private void drop(McpClientConnection connection) {
    lock.lock();
    try {
      if (mcpClientConnection == connection) mcpClientConnection = null;
      connection.close();
    } finally {
      lock.unlock();
    }
  }

  private McpClientConnection connect(String approvedDigest, boolean isInitialize) {
    lock.lock();
    try {
      if (closed) throw new McpConnectionException("the session's process has ended");
      boolean same =
          mcpClientConnection != null
              && mcpClientConnection.snapshot().digest().equals(approvedDigest);
      if (mcpClientConnection != null && same && (!isInitialize || mcpClientConnection.isAlive()))
        return mcpClientConnection;
      if (mcpClientConnection != null) mcpClientConnection.close();
      mcpClientConnection = null;
      mcpClientConnection = mcpServerChecker.open(provenance, server, elicitationChannel);
      return mcpClientConnection;
    } finally {
      lock.unlock();
    }
  }

  /** Cancels a message whose response is no longer needed. */
  void cancel(JsonNode message) {
    lock.lock();
    try {
      if (mcpClientConnection != null)
        mcpClientConnection.cancel(
            JsonRpcAdapter.callId(message), "The agent has cancelled the request.");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (mcpClientConnection != null) mcpClientConnection.close();
      mcpClientConnection = null;
    } finally {
      lock.unlock();
    }
  }
}
