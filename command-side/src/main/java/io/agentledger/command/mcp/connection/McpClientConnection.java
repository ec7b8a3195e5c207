package io.agentledger.command.mcp.connection;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerSnapshot;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Connection to one server, by the official client. Blocks its callers, which run on virtual
 * threads; concurrent calls are possible. It offers the server no roots and no sampling, but
 * requests to the user.
 */
public final class McpClientConnection implements AutoCloseable {
  private static final McpSchema.Implementation CLIENT_INFO =
      new McpSchema.Implementation("agentledger", "1");
  private static final int PAGES_MAX = 64;

  private final BlockingMcpClient blockingMcpClient;
  private final Channel channel;
  private final McpSchema.InitializeResult initializeResult;
  private final List<McpSchema.Tool> tools;
  private final McpServerSnapshot mcpServerSnapshot;

  /**
   * Transport of a connection with its handler and timeout.
   *
   * @param callTimeout timeout of one call
   */
  private record Channel(
      InterceptingTransport transport,
      ElicitationHandler elicitations,
      Duration callTimeout,
      ServerEvidence evidence) {}

  /** Local end of a connection: channel to the user and limits. */
  record LocalPeer(ElicitationChannel elicitationChannel, McpLimits limits) {
    Duration callTimeout(McpSettings settings) {
      var configured = limits.callTimeout();
      boolean longer = configured.isZero() || configured.compareTo(settings.callTimeout()) > 0;
      return longer ? settings.callTimeout() : configured;
    }
  }

  private McpClientConnection(
      BlockingMcpClient blockingMcpClient,
      Channel channel,
      McpSchema.InitializeResult initializeResult,
      List<McpSchema.Tool> tools,
      McpServerSnapshot mcpServerSnapshot) {
    this.blockingMcpClient = blockingMcpClient;
    this.channel = channel;
    this.initializeResult = initializeResult;
    this.tools = tools;
    this.mcpServerSnapshot = mcpServerSnapshot;
  }

  /**
   * Connects and reads everything that the server offers.
   *
   * @throws McpConnectionException if that fails
   */
  static McpClientConnection open(
      McpTransportFactory.OpenTransport openTransport,
      McpConnection connection,
      McpSettings settings,
      LocalPeer localPeer) {
    var elicitationHandler =
        new ElicitationHandler(localPeer.elicitationChannel(), localPeer.limits());
    var interceptingTransport =
        new InterceptingTransport(
            openTransport.transport(),
            elicitationHandler::withdraw,
            openTransport.closed()::completeExceptionally);
    var client =
        McpClient.async(interceptingTransport)
            .clientInfo(CLIENT_INFO)
            .capabilities(McpSchema.ClientCapabilities.builder().elicitation(true, true).build())
            .elicitation(elicitationHandler::onForm)
            .urlElicitation(elicitationHandler::onUrl)
            .elicitationCompleteConsumer(
                notification ->
                    Mono.fromRunnable(() -> elicitationHandler.onCompleted(notification)))
            .initializationTimeout(settings.connectTimeout())
            .requestTimeout(settings.callTimeout())
            .build();
    var blockingMcpClient =
        new BlockingMcpClient(
            client, openTransport.closed(), openTransport.evidence()::describeEnd);
    openTransport.closed().thenRun(elicitationHandler::onConnectionLost);
    try {
      return initialize(
          blockingMcpClient,
          new Channel(
              interceptingTransport,
              elicitationHandler,
              localPeer.callTimeout(settings),
              openTransport.evidence()),
          connection,
          settings);
    } catch (McpConnectionException e) {
      blockingMcpClient.close();
      throw e;
    } catch (RuntimeException e) {
      blockingMcpClient.close();
      throw new McpConnectionException(openTransport.evidence().describe(e), e);
    }
  }

  private static McpClientConnection initialize(
      BlockingMcpClient blockingMcpClient,
      Channel channel,
      McpConnection connection,
      McpSettings settings) {
    var timeout = settings.connectTimeout();
    var initializeResult = blockingMcpClient.callForResult(McpAsyncClient::initialize);
    channel.evidence().recordInitialized();
    var capabilities = initializeResult.capabilities();
    List<McpSchema.Tool> tools = List.of();
    if (capabilities.tools() != null) tools = listTools(blockingMcpClient, settings);
    List<McpSchema.Resource> resources = List.of();
    if (capabilities.resources() != null)
      resources =
          blockingMcpClient
              .callForResult(client -> client.listResources(null).timeout(timeout))
              .resources();
    var mcpServerSnapshot =
        McpSnapshotBuilder.build(
            connection, initializeResult, tools, resources == null ? List.of() : resources);
    return new McpClientConnection(
        blockingMcpClient, channel, initializeResult, tools, mcpServerSnapshot);
  }

  private static List<McpSchema.Tool> listTools(
      BlockingMcpClient blockingMcpClient, McpSettings settings) {
    var tools = new ArrayList<McpSchema.Tool>();
    @Nullable String cursor = null;
    for (int page = 0; page < PAGES_MAX; page++) {
      var from = cursor;
      var listed =
          blockingMcpClient.callForResult(
              client -> client.listTools(from).timeout(settings.connectTimeout()));
      tools.addAll(listed.tools());
      if (tools.size() > settings.toolCountMax())
        throw new McpConnectionException(
            "it offers more than " + settings.toolCountMax() + " tools");
      cursor = listed.nextCursor();
      if (cursor == null || cursor.isEmpty()) return List.copyOf(tools);
    }
    throw new McpConnectionException("its list of tools has too many pages");
  }

  public McpServerSnapshot snapshot() {
    return mcpServerSnapshot;
  }

  McpSchema.InitializeResult initializeResult() {
    return initializeResult;
  }

  List<McpSchema.Tool> tools() {
    return tools;
  }

  /** Returns whether the server still responds. */
  public boolean isAlive() {
    return blockingMcpClient.isAlive();
  }

  /**
   * Sends a request.
   *
   * @throws McpError if the server responds with an error
   * @throws McpConnectionException if it does not respond
   */
  <R> R call(Function<McpAsyncClient, Mono<R>> request) {
    try {
      return blockingMcpClient.callForResult(request);
    } catch (McpError | McpConnectionException | McpCallTimeoutException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new McpConnectionException(channel.evidence().describe(e), e);
    }
  }

  /**
   * Calls a tool. If the tool requires the user to open URLs first, it is called again afterwards;
   * the first call had no effect.
   *
   * @param callId id of the call while it is in progress
   * @throws McpCallTimeoutException if it exceeds its timeout
   */
  McpSchema.CallToolResult call(String callId, String tool, Map<String, Object> arguments) {
    try {
      return callOnce(callId, tool, arguments);
    } catch (McpError error) {
      var elicitations = UrlElicitations.parse(error);
      if (!channel.elicitations().requestAll(elicitations)) throw error;
      return callOnce(callId, tool, arguments);
    }
  }

  private McpSchema.CallToolResult callOnce(
      String callId, String tool, Map<String, Object> arguments) {
    var limit = channel.callTimeout();
    var request =
        new McpSchema.CallToolRequest(
            tool, arguments, InterceptingTransport.progressTokenMeta(callId));
    try {
      return call(
          client ->
              client
                  .callTool(request)
                  .timeout(limit, Mono.error(() -> new McpCallTimeoutException(limit))));
    } catch (McpCallTimeoutException e) {
      cancel(callId, e.getMessage());
      throw e;
    } finally {
      channel.transport().unregister(callId);
    }
  }

  /** Cancels a call whose result is no longer needed; does nothing if it has ended. */
  public void cancel(String callId, @Nullable String reason) {
    channel.transport().cancel(callId, reason == null ? "" : reason);
  }

  @Override
  public void close() {
    channel.elicitations().onConnectionLost();
    blockingMcpClient.close();
  }
}
