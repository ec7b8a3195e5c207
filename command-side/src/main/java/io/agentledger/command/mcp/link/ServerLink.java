package io.agentledger.command.mcp.link;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpFindings;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one server, by the official client. Blocks its callers, who are virtual
 * threads; several may call at once. It offers the server nothing: no roots, no sampling, no
 * questions to people.
 */
public final class ServerLink implements AutoCloseable {
  private static final McpSchema.Implementation US =
      new McpSchema.Implementation("agentledger", "1");
  private static final int PAGES_MAX = 64;

  private final McpSyncClient client;
  private final McpSchema.InitializeResult hello;
  private final List<McpSchema.Tool> tools;
  private final McpFindings findings;

  private ServerLink(
      McpSyncClient client,
      McpSchema.InitializeResult hello,
      List<McpSchema.Tool> tools,
      McpFindings findings) {
    this.client = client;
    this.hello = hello;
    this.tools = tools;
    this.findings = findings;
  }

  /**
   * Connects and looks at all that the server offers.
   *
   * @throws LinkFailed with a sentence, if that cannot be done
   */
  static ServerLink open(
      McpClientTransport transport, McpConnection connection, McpSettings settings) {
    var client =
        McpClient.sync(transport)
            .clientInfo(US)
            .capabilities(McpSchema.ClientCapabilities.builder().build())
            .initializationTimeout(settings.connectTimeout())
            .requestTimeout(settings.callTimeout())
            .build();
    try {
      var hello = client.initialize();
      var tools =
          offers(hello.capabilities().tools())
              ? tools(client, settings)
              : List.<McpSchema.Tool>of();
      var resources =
          offers(hello.capabilities().resources())
              ? Objects.requireNonNullElse(
                  client.listResources(null).resources(), List.<McpSchema.Resource>of())
              : List.<McpSchema.Resource>of();
      var findings = Findings.of(connection, hello, tools, resources);
      return new ServerLink(client, hello, tools, findings);
    } catch (LinkFailed known) {
      client.close();
      throw known;
    } catch (RuntimeException failed) {
      client.close();
      throw new LinkFailed(why(failed), failed);
    }
  }

  private static boolean offers(@Nullable Object capability) {
    return capability != null;
  }

  private static List<McpSchema.Tool> tools(McpSyncClient client, McpSettings settings) {
    var all = new ArrayList<McpSchema.Tool>();
    @Nullable String cursor = null;
    for (int page = 0; page < PAGES_MAX; page++) {
      var listed = client.listTools(cursor);
      all.addAll(listed.tools());
      if (all.size() > settings.toolCountMax())
        throw new LinkFailed("it offers more than " + settings.toolCountMax() + " tools");
      cursor = listed.nextCursor();
      if (cursor == null || cursor.isEmpty()) return List.copyOf(all);
    }
    throw new LinkFailed("its list of tools has no end");
  }

  /** In words of ours: what a server or the network says may hold anything. */
  static String why(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case io.agentledger.command.support.outbound.OutboundRefused refused -> {
          return "its address " + refused.rule().words();
        }
        case McpError error -> {
          return "it answered with the error " + error.getJsonRpcError().code();
        }
        case java.util.concurrent.TimeoutException late -> {
          return "it did not answer in time";
        }
        case java.net.ConnectException refused -> {
          return "nobody answers at its address";
        }
        default -> {}
      }
    }
    return "it does not speak MCP, or has ended";
  }

  public McpFindings findings() {
    return findings;
  }

  McpSchema.InitializeResult hello() {
    return hello;
  }

  List<McpSchema.Tool> tools() {
    return tools;
  }

  /** Whether it still answers. */
  public boolean isAlive() {
    try {
      client.ping();
      return true;
    } catch (RuntimeException gone) {
      return false;
    }
  }

  /** Asks the server. */
  <R> R ask(java.util.function.Function<McpSyncClient, R> question) {
    return question.apply(client);
  }

  @Override
  public void close() {
    client.close();
  }
}
