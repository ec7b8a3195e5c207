package io.agentledger.gateway.platform;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.json.PlainJson;
import io.agentledger.gateway.support.platform.PlatformResource;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Audience;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.web.RequestContext;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.AsyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.ProtocolVersions;
import io.modelcontextprotocol.util.DefaultMcpUriTemplateManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

/**
 * The platform as an MCP server, by the official SDK. It has no sessions: every message has its
 * caller and is answered by itself, on any node. Created at the first message. Thread-safe.
 */
@Component
final class PlatformMcpServer {
  /** Versions of the protocol that clients may name. */
  static final List<String> VERSIONS =
      List.of(
          ProtocolVersions.MCP_2025_03_26,
          ProtocolVersions.MCP_2025_06_18,
          ProtocolVersions.MCP_2025_11_25);

  private static final String CONTEXT = RequestContext.class.getName();
  private static final String AUDIENCE = Audience.class.getName();
  private static final String INSTRUCTIONS =
      """
      Agentledger runs Claude Code agents. A session has a workspace and a conversation; a query \
      is a prompt in it; its run answers it. open_session starts both; get_result waits for the \
      answer. When the result has pending_actions, the run waits for a decision: show the action \
      to your user before you send decide_action. Continue a list with its next_cursor.""";

  private final McpJsonMapper mcpJson = new JacksonMcpJsonMapper(PlainJson.MAPPER);
  private final List<PlatformToolProvider> providers;
  private final PlatformToolCaller toolCaller;
  private final SingletonSupplier<McpStatelessServerHandler> handler =
      SingletonSupplier.of(this::createHandler);

  PlatformMcpServer(List<PlatformToolProvider> providers, PlatformToolCaller toolCaller) {
    this.providers = providers;
    this.toolCaller = toolCaller;
  }

  /** Hands messages to the server of the SDK. */
  private static final class Transport implements McpStatelessServerTransport {
    final CompletableFuture<McpStatelessServerHandler> handler = new CompletableFuture<>();

    @Override
    public void setMcpHandler(McpStatelessServerHandler mcpHandler) {
      handler.complete(mcpHandler);
    }

    @Override
    public Mono<Void> closeGracefully() {
      return Mono.empty();
    }

    @Override
    public List<String> protocolVersions() {
      return VERSIONS;
    }
  }

  /** Returns the tools of all features, in the order of their names. */
  List<PlatformTool<?>> tools() {
    return providers.stream()
        .<PlatformTool<?>>flatMap(provider -> provider.tools().stream())
        .sorted(Comparator.comparing(PlatformTool::name))
        .toList();
  }

  /**
   * Answers a request with a response, which may contain an error.
   *
   * @param audience kind of the caller, for whom some tools do not exist
   */
  Mono<byte[]> answer(RequestContext context, Audience audience, McpRequest request) {
    return answer(
        McpTransportContext.create(Map.of(CONTEXT, context, AUDIENCE, audience)), request);
  }

  private Mono<byte[]> answer(McpTransportContext mcpContext, McpRequest request) {
    return Mono.defer(
            () ->
                handler
                    .obtain()
                    .handleRequest(
                        mcpContext,
                        new McpSchema.JSONRPCRequest(
                            McpSchema.JSONRPC_VERSION,
                            request.method(),
                            request.id(),
                            request.params())))
        .onErrorResume(
            McpError.class,
            error ->
                Mono.just(McpSchema.JSONRPCResponse.error(request.id(), error.getJsonRpcError())))
        .onErrorResume(
            PlatformMcpServer::isInvalidParams,
            failure ->
                Mono.just(
                    McpSchema.JSONRPCResponse.error(
                        request.id(),
                        new McpSchema.JSONRPCResponse.JSONRPCError(
                            McpSchema.ErrorCodes.INVALID_PARAMS,
                            "The params do not have the form that the method needs."))))
        .map(this::toBytes);
  }

  private static boolean isInvalidParams(Throwable failure) {
    return failure instanceof JacksonException || failure instanceof IllegalArgumentException;
  }

  private byte[] toBytes(McpSchema.JSONRPCResponse response) {
    try {
      return mcpJson.writeValueAsBytes(response);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private McpStatelessServerHandler createHandler() {
    var transport = new Transport();
    var tools = tools();
    McpServer.async(transport)
        .jsonMapper(mcpJson)
        .serverInfo(new McpSchema.Implementation("agentledger", "Agentledger", "1"))
        .instructions(INSTRUCTIONS)
        .capabilities(
            McpSchema.ServerCapabilities.builder().tools(false).resources(false, false).build())
        .validateToolInputs(false) // The arguments are validated like the body of a request.
        .addToolFilter(
            (mcpContext, tool) ->
                Mono.just(
                    tools.stream()
                        .filter(candidate -> candidate.name().equals(tool.name()))
                        .anyMatch(candidate -> isVisible(mcpContext, candidate))))
        .tools(tools.stream().map(this::toSpecification).toList())
        .resourceTemplates(
            providers.stream()
                .flatMap(provider -> provider.resources().stream())
                .map(this::toSpecification)
                .toList())
        .build();
    return transport.handler.join(); // It was set when the server was built.
  }

  private static RequestContext contextOf(McpTransportContext mcpContext) {
    return (RequestContext) mcpContext.get(CONTEXT);
  }

  /**
   * Returns whether the tool exists for the caller. Agents of sessions decide about nothing and end
   * nothing; what they configure, a person has approved before.
   */
  private static boolean existsFor(McpTransportContext mcpContext, PlatformTool<?> tool) {
    return tool.effect().isFor((Audience) mcpContext.get(AUDIENCE));
  }

  /** Returns whether the caller may send the tool's message. */
  private static boolean isVisible(McpTransportContext mcpContext, PlatformTool<?> tool) {
    if (!existsFor(mcpContext, tool)) return false;
    try {
      MessageAuthorizer.checkScopes(tool.message(), contextOf(mcpContext).metadata());
      return true;
    } catch (RejectionException missingScope) {
      return false;
    }
  }

  private AsyncToolSpecification toSpecification(PlatformTool<?> tool) {
    var annotations =
        McpSchema.ToolAnnotations.builder()
            .title(tool.title())
            .readOnlyHint(tool.effect() == Effect.READ)
            .destructiveHint(tool.effect().isDestructive())
            .idempotentHint(tool.effect() == Effect.READ)
            .openWorldHint(false)
            .build();
    return new AsyncToolSpecification(
        McpSchema.Tool.builder(tool.name(), ToolSchema.of(tool.argumentsType()))
            .title(tool.title())
            .description(tool.description())
            .annotations(annotations)
            .build(),
        (mcpContext, request) ->
            existsFor(mcpContext, tool)
                ? toolCaller.call(
                    contextOf(mcpContext),
                    tool,
                    request.arguments() == null ? Map.of() : request.arguments())
                : Mono.error(unknownTool(tool)));
  }

  private static McpError unknownTool(PlatformTool<?> tool) {
    return McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
        .message("This caller has no tool " + tool.name() + ".")
        .build();
  }

  private AsyncResourceTemplateSpecification toSpecification(PlatformResource resource) {
    var uriTemplate = new DefaultMcpUriTemplateManager(resource.uriTemplate());
    return new AsyncResourceTemplateSpecification(
        McpSchema.ResourceTemplate.builder()
            .uriTemplate(resource.uriTemplate())
            .name(resource.name())
            .description(resource.description())
            .build(),
        (mcpContext, request) -> {
          var arguments = new LinkedHashMap<String, Object>();
          uriTemplate
              .extractVariableValues(request.uri())
              .forEach((name, value) -> arguments.put(name, decode(value)));
          return toolCaller.read(contextOf(mcpContext), resource, request.uri(), arguments);
        });
  }

  /** Decodes percent-encoded characters; a plus sign is itself. */
  private static String decode(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
