package io.agentledger.gateway.platform;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Actor.ActorType;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.platform.PlatformTool.Audience;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.security.CallRateLimiter;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestIdFilter;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The platform's MCP server for the agents of sessions: with the permissions that an agent has on
 * behalf of the user who sent the run's query, and within that user's rate limits. A run whose
 * query an agent sent has no caller; the agent of an execution acts with its permissions. In a run
 * whose query a channel sent, the agent can hand the chat to people, and nothing else.
 */
@Component
final class AgentPlatformServer implements PlatformServer {
  private static final String NO_CALLER =
      "The platform can be used only in a run whose query an active user sent.";

  /** Source of the agents' requests: events without a source are not audited. */
  private static final RequestSource SOURCE = new RequestSource("", "agentledger-mcp");

  private static final Set<String> METHODS_OF_CALLERS =
      Set.of(McpSchema.METHOD_TOOLS_CALL, McpSchema.METHOD_RESOURCES_READ);

  private final PlatformMcpServer server;
  private final Authenticator authenticator;
  private final CallRateLimiter rateLimiter;
  private final WireJson json;

  AgentPlatformServer(
      PlatformMcpServer server,
      Authenticator authenticator,
      CallRateLimiter rateLimiter,
      WireJson json) {
    this.server = server;
    this.authenticator = authenticator;
    this.rateLimiter = rateLimiter;
    this.json = json;
  }

  @Override
  public CompletionStage<String> answer(Client client, Provenance initiator, String request) {
    return Mono.defer(
            () -> answer(client, initiator, McpRequest.of(json.mapper().readTree(request))))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .toFuture();
  }

  private Mono<byte[]> answer(Client client, Provenance initiator, McpRequest request) {
    if (initiator.actor().type() == ActorType.CHANNEL)
      return answerChatAgent(client, initiator, request);
    if (METHODS_OF_CALLERS.contains(request.method()))
      return answerCaller(client, initiator, request);
    var agent = new Actor(ActorType.AGENT, client.agentId().value());
    return server.answer(toContext(anyAgent(agent, initiator), client), Audience.AGENTS, request);
  }

  /** Answers an agent that answers a contact: the channel, in whose chats nobody else acts. */
  private Mono<byte[]> answerChatAgent(Client client, Provenance initiator, McpRequest request) {
    return request.method().equals(McpSchema.METHOD_RESOURCES_READ)
        ? Mono.fromSupplier(() -> error(request, NO_CALLER))
        : server.answer(
            toContext(anyAgent(initiator.actor(), initiator), client),
            Audience.CHAT_AGENTS,
            request);
  }

  private Mono<byte[]> answerCaller(Client client, Provenance initiator, McpRequest request) {
    return Mono.fromCompletionStage(
            () -> authenticator.agentOf(initiator, client.agentId(), client.sessionId()))
        .flatMap(Mono::justOrEmpty)
        .flatMap(
            caller ->
                rateLimiter
                    .acquireOrReject(caller)
                    .then(server.answer(toContext(caller, client), Audience.AGENTS, request)))
        .switchIfEmpty(Mono.fromSupplier(() -> error(request, NO_CALLER)))
        .onErrorResume(
            failure ->
                Mono.fromSupplier(
                    () ->
                        error(
                            request,
                            ProblemMapper.toProblem(failure, initiator.request()).detail())));
  }

  private byte[] error(McpRequest request, String reason) {
    return json.toBytes(
        Map.of(
            "jsonrpc", McpSchema.JSONRPC_VERSION,
            "id", request.id(),
            "error", Map.of("code", McpSchema.ErrorCodes.INVALID_REQUEST, "message", reason)));
  }

  /** Returns the context of a call; its request has an id of its own. */
  private static RequestContext toContext(Caller caller, Client client) {
    return new RequestContext(
        caller, RequestIdFilter.newRequestId(), SOURCE, null, client.sessionId());
  }

  /** Returns a caller who acts for no user, for messages that read nothing. */
  private static Caller anyAgent(Actor actor, Provenance initiator) {
    return new Caller(
        initiator.tenant(),
        UserId.next(),
        actor,
        initiator.credential(),
        Role.AGENT,
        Role.AGENT.scopes(),
        false,
        false);
  }
}
