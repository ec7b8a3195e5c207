package io.agentledger.command.mcp.connection;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.client.transport.customizer.McpHttpClientTransportAuthorizationErrorHandler;
import io.modelcontextprotocol.client.transport.customizer.McpSyncHttpClientRequestCustomizer;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpTransportException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Creates transports to servers: a program in a sandbox, or HTTP through the guarded client. */
final class McpTransportFactory {
  private static final Logger log = LoggerFactory.getLogger(McpTransportFactory.class);

  /** Default environment of every program, which its server can override. */
  private static final Map<String, String> BASE_ENVIRONMENT =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LANG", "C.UTF-8", "HOME", "/home/server");

  private final McpSandbox mcpSandbox;
  private final OutboundHttpClient outbound;
  private final McpSettings settings;

  McpTransportFactory(McpSandbox mcpSandbox, OutboundHttpClient outbound, McpSettings settings) {
    this.mcpSandbox = mcpSandbox;
    this.outbound = outbound;
    this.settings = settings;
  }

  /**
   * @param closed completes when the server has ended, if that can be detected; fails if it never
   *     started
   */
  record OpenTransport(McpClientTransport transport, CompletableFuture<Void> closed) {
    OpenTransport(McpClientTransport transport) {
      this(transport, new CompletableFuture<>());
    }
  }

  OpenTransport create(
      String server, McpConnection connection, PlaceholderResolver placeholderResolver) {
    return switch (connection) {
      case McpConnection.Stdio stdio -> programTransport(server, stdio, placeholderResolver);
      case McpConnection.Http http -> {
        var uri = uri(placeholderResolver.resolvePlain(http.url()));
        yield new OpenTransport(
            HttpClientStreamableHttpTransport.builder(origin(uri))
                .endpoint(endpoint(uri))
                .clientBuilder(outbound.streaming())
                .httpRequestCustomizer(headers(uri, http.headers(), placeholderResolver))
                .authorizationErrorHandler(retryWithFreshToken(placeholderResolver))
                .maxResponseSize(messageBytesMax())
                .build());
      }
      case McpConnection.Sse sse -> {
        var uri = uri(placeholderResolver.resolvePlain(sse.url()));
        yield new OpenTransport(
            HttpClientSseClientTransport.builder(origin(uri))
                .sseEndpoint(endpoint(uri))
                .clientBuilder(
                    outbound.streaming(
                        retryWithFreshToken(uri, sse.headers(), placeholderResolver)))
                .httpRequestCustomizer(headers(uri, sse.headers(), placeholderResolver))
                .maxResponseSize(messageBytesMax())
                .build());
      }
    };
  }

  private int messageBytesMax() {
    return Math.toIntExact(settings.messageBytesMax().toBytes());
  }

  private OpenTransport programTransport(
      String server, McpConnection.Stdio stdio, PlaceholderResolver placeholderResolver) {
    var line = new ArrayList<String>();
    line.add(stdio.command());
    stdio.args().forEach(argument -> line.add(placeholderResolver.resolvePlain(argument)));
    var environment = new HashMap<>(BASE_ENVIRONMENT);
    stdio
        .env()
        .forEach(
            (name, value) ->
                environment.put(name, placeholderResolver.resolveVariable(name, value)));
    try {
      var command = mcpSandbox.sandboxedCommand(server, line, settings.programs());
      var parameters =
          ServerParameters.builder(command.getFirst())
              .args(command.subList(1, command.size()))
              .env(environment)
              .build();
      var transport = new ProgramTransport(parameters, messageBytesMax());
      transport.setStdErrorHandler(
          text ->
              log.atDebug()
                  .addKeyValue("mcpServerId", server)
                  .addKeyValue("characters", text.length())
                  .log("an MCP server wrote to its error output"));
      return new OpenTransport(transport, transport.closed);
    } catch (IOException e) {
      throw new McpConnectionException("its sandbox cannot be created", e);
    }
  }

  /**
   * Transport to a program, without the service's environment. Supports concurrent writers and
   * detects the program's end, which its base class does not.
   */
  private static final class ProgramTransport extends StdioClientTransport {
    private final ReentrantLock writing = new ReentrantLock();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    ProgramTransport(ServerParameters parameters, int messageBytesMax) {
      super(parameters, McpJsonDefaults.getMapper(), messageBytesMax);
    }

    @Override
    protected ProcessBuilder getProcessBuilder() {
      var builder = new ProcessBuilder();
      builder.environment().clear();
      return builder;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
      return super.connect(handler)
          .doOnSuccess(started -> Thread.ofVirtual().name("mcp-program").start(this::watchExit));
    }

    private void watchExit() {
      awaitForExit();
      closed.complete(null);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
      return Mono.defer(
          () -> {
            writing.lock();
            try {
              return super.sendMessage(message);
            } finally {
              writing.unlock();
            }
          });
    }
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new McpConnectionException("its address is invalid");
    }
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  private static String endpoint(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static Map<String, String> resolveHeaders(
      URI server, Map<String, String> headers, PlaceholderResolver placeholderResolver) {
    var filled = new HashMap<String, String>();
    headers.forEach(
        (name, value) -> filled.put(name, placeholderResolver.resolveHeader(server, value)));
    return filled;
  }

  /** Repeats a request once with a refreshed token after a response with 401. */
  private static McpHttpClientTransportAuthorizationErrorHandler retryWithFreshToken(
      PlaceholderResolver placeholderResolver) {
    return McpHttpClientTransportAuthorizationErrorHandler.fromSync(
        (request, response, context) -> {
          try {
            return response.statusCode() == 401 && placeholderResolver.refreshTokens();
          } catch (McpConnectionException e) {
            throw new McpTransportException(e.getMessage(), e);
          }
        });
  }

  /**
   * Returns the request to send after a response with 401, for requests that the library leaves to
   * its HTTP client; empty without a fresh token.
   */
  private static Function<HttpRequest, Optional<HttpRequest>> retryWithFreshToken(
      URI server, Map<String, String> headers, PlaceholderResolver placeholderResolver) {
    return refused -> {
      if (!isSameOrigin(server, refused.uri()) || !placeholderResolver.refreshTokens())
        return Optional.empty();
      var next = HttpRequest.newBuilder(refused, (name, value) -> true);
      resolveHeaders(server, headers, placeholderResolver).forEach(next::setHeader);
      return Optional.of(next.build());
    };
  }

  private static boolean isSameOrigin(URI server, URI requestUri) {
    return origin(requestUri).equalsIgnoreCase(origin(server));
  }

  /** Adds the headers, which may contain secrets, only to requests to the server's own address. */
  private static McpSyncHttpClientRequestCustomizer headers(
      URI server, Map<String, String> headers, PlaceholderResolver placeholderResolver) {
    var filled = resolveHeaders(server, headers, placeholderResolver);
    return (request, method, endpoint, body, context) -> {
      if (!isSameOrigin(server, endpoint)) return;
      var now =
          placeholderResolver.hasTokens()
              ? resolveHeaders(server, headers, placeholderResolver)
              : filled;
      now.forEach(request::setHeader);
    };
  }
}
