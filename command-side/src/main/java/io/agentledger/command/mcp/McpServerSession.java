package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.command.mcp.connection.ElicitationChannel;
import io.agentledger.command.mcp.connection.JsonRpcAdapter;
import io.agentledger.command.mcp.connection.McpClientConnection;
import io.agentledger.command.mcp.connection.McpConnectionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One server of one process: connected when the process first greets it, again when it greets it
 * later and the connection is gone. Each call sees first whether the server may still be used.
 */
final class McpServerSession implements AutoCloseable {
  private final McpServerChecker watch;
  private final Provenance by;
  private final McpServerId server;
  private final ElicitationChannel users;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable McpClientConnection link;
  private boolean closed;

  McpServerSession(
      McpServerChecker watch, Provenance by, McpServerId server, ElicitationChannel users) {
    this.watch = watch;
    this.by = by;
    this.server = server;
    this.users = users;
  }

  JsonNode answer(JsonNode message) {
    try {
      return answered(message);
    } catch (McpConnectionException failed) {
      return JsonRpcAdapter.failure(
          message, "The MCP server cannot be used: " + failed.getMessage() + ".");
    }
  }

  /** One that does not answer is connected to anew, the next time that it is wanted. */
  private JsonNode answered(JsonNode message) {
    String agreed = watch.active(by.tenant(), server).approved();
    boolean greeted = message.path("method").asString("").equals("initialize");
    var used = link(agreed, greeted);
    try {
      return JsonRpcAdapter.answer(used, message);
    } catch (McpConnectionException failed) {
      if (!used.isAlive()) drop(used);
      throw failed;
    }
  }

  private void drop(McpClientConnection dead) {
    lock.lock();
    try {
      if (link == dead) link = null;
      dead.close();
    } finally {
      lock.unlock();
    }
  }

  private McpClientConnection link(String agreed, boolean greeted) {
    lock.lock();
    try {
      if (closed) throw new McpConnectionException("the session's process has ended");
      boolean same = link != null && link.findings().digest().equals(agreed);
      if (link != null && same && (!greeted || link.isAlive())) return link;
      if (link != null) link.close();
      link = null;
      link = watch.open(by, server, users);
      return link;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody waits for what the message asked any more. */
  void cancel(JsonNode message) {
    lock.lock();
    try {
      if (link != null)
        link.cancel(JsonRpcAdapter.call(message), "The agent does not wait any more.");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (link != null) link.close();
      link = null;
    } finally {
      lock.unlock();
    }
  }
}
