package io.agentledger.command.mcp.connection;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerSnapshot;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One connection to one server, by the official client. Blocks its callers, who are virtual
 * threads; several may call at once. It offers the server no roots and no sampling; it may ask the
 * users.
 */
public final class McpClientConnection implements AutoCloseable {
  private static final McpSchema.Implementation US =
      new McpSchema.Implementation("agentledger", "1");
  private static final int PAGES_MAX = 64;

  private final BlockingMcpClient blockingMcpClient;
  private final Channel channel;
  private final McpSchema.InitializeResult hello;
  private final List<McpSchema.Tool> tools;
  private final McpServerSnapshot mcpServerSnapshot;

  /**
   * What a connection is made with.
   *
   * @param callTimeout of one call
   */
  private record Channel(
      InterceptingTransport tap, ElicitationHandler inquiries, Duration callTimeout) {}

  /** Who is at this end of a connection, and how long may be waited. */
  record LocalPeer(ElicitationChannel users, McpLimits limits) {
    Duration callTimeout(McpSettings settings) {
      var own = limits.callTimeout();
      boolean longer = own.isZero() || own.compareTo(settings.callTimeout()) > 0;
      return longer ? settings.callTimeout() : own;
    }
  }

  private McpClientConnection(
      BlockingMcpClient blockingMcpClient,
      Channel channel,
      McpSchema.InitializeResult hello,
      List<McpSchema.Tool> tools,
      McpServerSnapshot mcpServerSnapshot) {
    this.blockingMcpClient = blockingMcpClient;
    this.channel = channel;
    this.hello = hello;
    this.tools = tools;
    this.mcpServerSnapshot = mcpServerSnapshot;
  }

  /**
   * Connects and looks at all that the server offers.
   *
   * @throws McpConnectionException with a sentence, if that cannot be done
   */
  static McpClientConnection open(
      McpTransportFactory.OpenTransport openTransport,
      McpConnection connection,
      McpSettings settings,
      LocalPeer localPeer) {
    var elicitationHandler = new ElicitationHandler(localPeer.users(), localPeer.limits());
    var interceptingTransport =
        new InterceptingTransport(
            openTransport.transport(),
            elicitationHandler::withdraw,
            openTransport.gone()::completeExceptionally);
    var client =
        McpClient.async(interceptingTransport)
            .clientInfo(US)
            .capabilities(McpSchema.ClientCapabilities.builder().elicitation(true, true).build())
            .elicitation(elicitationHandler::form)
            .urlElicitation(elicitationHandler::url)
            .elicitationCompleteConsumer(
                done -> Mono.fromRunnable(() -> elicitationHandler.completed(done)))
            .initializationTimeout(settings.connectTimeout())
            .requestTimeout(settings.callTimeout())
            .build();
    var blockingMcpClient = new BlockingMcpClient(client, openTransport.gone());
    openTransport.gone().thenRun(elicitationHandler::lost);
    try {
      return inspect(
          blockingMcpClient,
          new Channel(interceptingTransport, elicitationHandler, localPeer.callTimeout(settings)),
          connection,
          settings);
    } catch (McpConnectionException known) {
      blockingMcpClient.close();
      throw known;
    } catch (RuntimeException failed) {
      blockingMcpClient.close();
      throw new McpConnectionException(why(failed), failed);
    }
  }

  private static McpClientConnection inspect(
      BlockingMcpClient blockingMcpClient,
      Channel channel,
      McpConnection connection,
      McpSettings settings) {
    var timeout = settings.connectTimeout();
    var hello = blockingMcpClient.need(McpAsyncClient::initialize);
    var capabilities = hello.capabilities();
    List<McpSchema.Tool> tools = List.of();
    if (capabilities.tools() != null) tools = tools(blockingMcpClient, settings);
    List<McpSchema.Resource> resources = List.of();
    if (capabilities.resources() != null)
      resources =
          blockingMcpClient.need(client -> client.listResources(null).timeout(timeout)).resources();
    var mcpServerSnapshot =
        McpSnapshotBuilder.build(
            connection, hello, tools, resources == null ? List.of() : resources);
    return new McpClientConnection(blockingMcpClient, channel, hello, tools, mcpServerSnapshot);
  }

  private static List<McpSchema.Tool> tools(
      BlockingMcpClient blockingMcpClient, McpSettings settings) {
    var all = new ArrayList<McpSchema.Tool>();
    @Nullable String cursor = null;
    for (int page = 0; page < PAGES_MAX; page++) {
      var from = cursor;
      var listed =
          blockingMcpClient.need(
              client -> client.listTools(from).timeout(settings.connectTimeout()));
      all.addAll(listed.tools());
      if (all.size() > settings.toolCountMax())
        throw new McpConnectionException(
            "it offers more than " + settings.toolCountMax() + " tools");
      cursor = listed.nextCursor();
      if (cursor == null || cursor.isEmpty()) return List.copyOf(all);
    }
    throw new McpConnectionException("its list of tools has no end");
  }

  /** In words of ours: what a server or the network says may hold anything. */
  private static String why(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case McpConnectionException known -> {
          return String.valueOf(known.getMessage());
        }
        case OutboundRefusedException refused -> {
          return "its address " + refused.rule().description();
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

  public McpServerSnapshot findings() {
    return mcpServerSnapshot;
  }

  McpSchema.InitializeResult hello() {
    return hello;
  }

  List<McpSchema.Tool> tools() {
    return tools;
  }

  /** Whether it still answers. */
  public boolean isAlive() {
    return blockingMcpClient.isAlive();
  }

  /**
   * Asks the server.
   *
   * @throws McpError what the server said no with
   * @throws McpConnectionException if it does not answer
   */
  <R> R call(Function<McpAsyncClient, Mono<R>> question) {
    try {
      return blockingMcpClient.need(question);
    } catch (McpError | McpConnectionException | McpCallTimeoutException said) {
      throw said;
    } catch (RuntimeException failed) {
      throw new McpConnectionException(why(failed), failed);
    }
  }

  /**
   * Calls a tool. One that wants the user to open addresses first is called once more when that was
   * seen to: it has done nothing yet.
   *
   * @param call names the call, as long as it is under way
   * @throws McpCallTimeoutException if it takes longer than it may
   */
  McpSchema.CallToolResult call(String call, String tool, Map<String, Object> arguments) {
    try {
      return callOnce(call, tool, arguments);
    } catch (McpError said) {
      var addresses = UrlElicitations.parse(said);
      if (!channel.inquiries().seenTo(addresses)) throw said;
      return callOnce(call, tool, arguments);
    }
  }

  private McpSchema.CallToolResult callOnce(
      String call, String tool, Map<String, Object> arguments) {
    var limit = channel.callTimeout();
    var request = new McpSchema.CallToolRequest(tool, arguments, InterceptingTransport.token(call));
    try {
      return call(
          client ->
              client
                  .callTool(request)
                  .timeout(limit, Mono.error(() -> new McpCallTimeoutException(limit))));
    } catch (McpCallTimeoutException late) {
      cancel(call, late.getMessage());
      throw late;
    } finally {
      channel.tap().unregister(call);
    }
  }

  /** Nobody waits for a call any more; of one that is over, nothing. */
  public void cancel(String call, @Nullable String why) {
    channel.tap().cancel(call, why == null ? "" : why);
  }

  @Override
  public void close() {
    channel.inquiries().lost();
    blockingMcpClient.close();
  }
}
