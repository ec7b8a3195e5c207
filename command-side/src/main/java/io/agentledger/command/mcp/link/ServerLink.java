package io.agentledger.command.mcp.link;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpFindings;
import io.agentledger.command.support.outbound.OutboundRefused;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One connection to one server, by the official client. Blocks its callers, who are virtual
 * threads; several may call at once. It offers the server nothing: no roots, no sampling, no
 * questions to people.
 */
public final class ServerLink implements AutoCloseable {
  private static final McpSchema.Implementation US =
      new McpSchema.Implementation("agentledger", "1");
  private static final int PAGES_MAX = 64;

  private final Asking asking;
  private final McpSchema.InitializeResult hello;
  private final List<McpSchema.Tool> tools;
  private final McpFindings findings;

  private ServerLink(
      Asking asking,
      McpSchema.InitializeResult hello,
      List<McpSchema.Tool> tools,
      McpFindings findings) {
    this.asking = asking;
    this.hello = hello;
    this.tools = tools;
    this.findings = findings;
  }

  /**
   * Connects and looks at all that the server offers.
   *
   * @throws LinkFailed with a sentence, if that cannot be done
   */
  static ServerLink open(Transports.Way way, McpConnection connection, McpSettings settings) {
    var client =
        McpClient.async(way.transport())
            .clientInfo(US)
            .capabilities(McpSchema.ClientCapabilities.builder().build())
            .initializationTimeout(settings.connectTimeout())
            .requestTimeout(settings.callTimeout())
            .build();
    var asking = new Asking(client, way.gone());
    try {
      return looked(asking, connection, settings);
    } catch (LinkFailed known) {
      asking.close();
      throw known;
    } catch (RuntimeException failed) {
      asking.close();
      throw new LinkFailed(why(failed), failed);
    }
  }

  private static ServerLink looked(Asking asking, McpConnection connection, McpSettings settings) {
    var patience = settings.connectTimeout();
    var hello = asking.need(McpAsyncClient::initialize);
    var capabilities = hello.capabilities();
    List<McpSchema.Tool> tools = List.of();
    if (capabilities.tools() != null) tools = tools(asking, settings);
    List<McpSchema.Resource> resources = List.of();
    if (capabilities.resources() != null)
      resources = asking.need(client -> client.listResources(null).timeout(patience)).resources();
    var findings = Findings.of(connection, hello, tools, resources == null ? List.of() : resources);
    return new ServerLink(asking, hello, tools, findings);
  }

  private static List<McpSchema.Tool> tools(Asking asking, McpSettings settings) {
    var all = new ArrayList<McpSchema.Tool>();
    @Nullable String cursor = null;
    for (int page = 0; page < PAGES_MAX; page++) {
      var from = cursor;
      var listed = asking.need(client -> client.listTools(from).timeout(settings.connectTimeout()));
      all.addAll(listed.tools());
      if (all.size() > settings.toolCountMax())
        throw new LinkFailed("it offers more than " + settings.toolCountMax() + " tools");
      cursor = listed.nextCursor();
      if (cursor == null || cursor.isEmpty()) return List.copyOf(all);
    }
    throw new LinkFailed("its list of tools has no end");
  }

  /** In words of ours: what a server or the network says may hold anything. */
  private static String why(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case LinkFailed known -> {
          return String.valueOf(known.getMessage());
        }
        case OutboundRefused refused -> {
          return "its address " + refused.rule().words();
        }
        case McpError error -> {
          return "it answered with the error " + error.getJsonRpcError().code();
        }
        case TimeoutException late -> {
          return "it did not answer in time";
        }
        case ConnectException refused -> {
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
    return asking.isAlive();
  }

  /**
   * Asks the server.
   *
   * @throws McpError what the server said no with
   * @throws LinkFailed if it does not answer
   */
  <R> R ask(Function<McpAsyncClient, Mono<R>> question) {
    try {
      return asking.need(question);
    } catch (McpError | LinkFailed said) {
      throw said;
    } catch (RuntimeException failed) {
      throw new LinkFailed(why(failed), failed);
    }
  }

  @Override
  public void close() {
    asking.close();
  }
}
