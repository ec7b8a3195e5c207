package io.agentledger.command.mcp.connection;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.store.support.UntrustedJson;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.client.transport.customizer.McpHttpClientTransportAuthorizationErrorHandler;
import io.modelcontextprotocol.client.transport.customizer.McpSyncHttpClientRequestCustomizer;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpTransportException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Creates transports to servers: a program in a sandbox, or HTTP through the guarded client. */
final class McpTransportFactory {
  private static final McpJsonMapper JSON = new JacksonMcpJsonMapper(UntrustedJson.MAPPER);

  private static final Logger log = LoggerFactory.getLogger(McpTransportFactory.class);

  /** Default environment of every program, which its server can override. */
  private static final Map<String, String> BASE_ENVIRONMENT =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LANG", "C.UTF-8", "HOME", "/home/server");

  private static final String PROGRAMS_SETTING = "agentledger.mcp.programs";

  /** Directories of the system that every sandbox contains. */
  private static final List<Path> SYSTEM_DIRECTORIES =
      Stream.of("/usr", "/bin", "/sbin", "/lib", "/lib64").map(Path::of).toList();

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
   * @param evidence what the transport observes of the server
   */
  record OpenTransport(
      McpClientTransport transport, CompletableFuture<Void> closed, ServerEvidence evidence) {}

  OpenTransport create(
      String server, McpConnection connection, PlaceholderResolver placeholderResolver) {
    var evidence = new ServerEvidence(placeholderResolver::redact);
    return switch (connection) {
      case McpConnection.Stdio stdio ->
          programTransport(server, stdio, placeholderResolver, evidence);
      case McpConnection.Http http -> {
        var uri = uri(placeholderResolver.resolvePlain(http.url()));
        yield httpTransport(
            evidence,
            HttpClientStreamableHttpTransport.builder(origin(uri))
                .endpoint(endpoint(uri))
                .jsonMapper(JSON)
                .clientBuilder(
                    outbound.streaming(
                        refused -> Optional.empty(), observeResponses("POST", evidence)))
                .httpRequestCustomizer(headers(uri, http.headers(), placeholderResolver))
                .authorizationErrorHandler(retryWithFreshToken(placeholderResolver))
                .maxResponseSize(messageBytesMax())
                .build());
      }
      case McpConnection.Sse sse -> {
        var uri = uri(placeholderResolver.resolvePlain(sse.url()));
        yield httpTransport(
            evidence,
            HttpClientSseClientTransport.builder(origin(uri))
                .sseEndpoint(endpoint(uri))
                .jsonMapper(JSON)
                .clientBuilder(
                    outbound.streaming(
                        retryWithFreshToken(uri, sse.headers(), placeholderResolver),
                        observeResponses("", evidence)))
                .httpRequestCustomizer(headers(uri, sse.headers(), placeholderResolver))
                .maxResponseSize(messageBytesMax())
                .build());
      }
    };
  }

  private static OpenTransport httpTransport(
      ServerEvidence evidence, McpClientTransport transport) {
    return new OpenTransport(transport, new CompletableFuture<>(), evidence);
  }

  /**
   * Records the responses to requests with this method, or with any if it is empty: servers without
   * streams may refuse GET.
   */
  private static OutboundHttpClient.ResponseListener observeResponses(
      String method, ServerEvidence evidence) {
    return (request, status, contentType) -> {
      if (method.isEmpty() || method.equals(request.method()))
        evidence.recordResponse(status, contentType);
    };
  }

  private int messageBytesMax() {
    return Math.toIntExact(settings.messageBytesMax().toBytes());
  }

  private OpenTransport programTransport(
      String server,
      McpConnection.Stdio stdio,
      PlaceholderResolver placeholderResolver,
      ServerEvidence evidence) {
    if (stdio.command().contains("/") && !isPermitted(stdio.command()))
      throw new McpConnectionException(
          "its program %s is not permitted: it is in no directory of the setting %s"
              .formatted(stdio.command(), PROGRAMS_SETTING));
    var line = new ArrayList<String>();
    line.add(stdio.command());
    stdio.args().forEach(argument -> line.add(placeholderResolver.resolvePlain(argument)));
    line.stream()
        .skip(1)
        .filter(argument -> argument.startsWith("/") && !isPermitted(argument))
        .findFirst()
        .ifPresent(evidence::recordUnpermittedPath);
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
      var closed = new CompletableFuture<Void>();
      var transport = new ProgramTransport(parameters, messageBytesMax(), evidence, closed);
      transport.setStdErrorHandler(
          text -> {
            if (evidence.recordErrorLine(text)) closed.complete(null);
            log.atDebug()
                .addKeyValue("mcpServerId", server)
                .addKeyValue("characters", text.length())
                .log("an MCP server wrote to its error output");
          });
      return new OpenTransport(transport, closed, evidence);
    } catch (IOException e) {
      throw new McpConnectionException("its sandbox cannot be created", e);
    }
  }

  /** Returns whether the sandbox of programs contains the path, if it exists. */
  private boolean isPermitted(String path) {
    var normal = Path.of(path).normalize();
    return Stream.concat(settings.programs().stream(), SYSTEM_DIRECTORIES.stream())
        .anyMatch(directory -> normal.startsWith(directory.normalize()));
  }

  /**
   * Transport to a program, without the service's environment. Supports concurrent writers and
   * detects the program's end, which its base class does not.
   */
  private static final class ProgramTransport extends StdioClientTransport {
    private final ReentrantLock writing = new ReentrantLock();
    private final CompletableFuture<Void> closed;

    /**
     * @param closed completed when the program has ended, or writes anything but messages
     */
    ProgramTransport(
        ServerParameters parameters,
        int messageBytesMax,
        ServerEvidence evidence,
        CompletableFuture<Void> closed) {
      super(
          parameters,
          new ObservedJsonMapper(
              JSON,
              () -> {
                evidence.recordInvalidLine();
                closed.complete(null);
              }),
          messageBytesMax);
      this.closed = closed;
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
