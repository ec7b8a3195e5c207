package io.agentledger.command.mcp.connection;

import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.session.event.ElicitationEvent.EndReason;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import io.agentledger.command.mcp.connection.ElicitationChannel.ElicitationAnswer;
import io.agentledger.command.mcp.connection.ElicitationChannel.ElicitationRequest;
import io.agentledger.command.mcp.connection.ElicitationChannel.PendingElicitation;
import io.agentledger.command.support.ElicitationForm;
import io.agentledger.store.support.UntrustedJson;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitationCompleteNotification;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Handles requests of one connection's server to the user. The server is not trusted: sizes are
 * limited, and an address must be http or https.
 */
final class ElicitationHandler {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
  private static final int BAD_PARAMETERS = -32602;
  private static final int MESSAGE_LENGTH_MAX = 10_000;
  private static final int SCHEMA_LENGTH_MAX = 65_536;
  private static final int URL_LENGTH_MAX = 8_192;
  private static final int ID_LENGTH_MAX = 200;

  /** Metadata key of the SDK for the display of the request. */
  private static final String DISPLAY = "anthropic/permissionDisplay";

  private static final Set<String> DISPLAYED = Set.of("title", "displayName", "description");

  private final ElicitationChannel elicitationChannel;
  private final McpLimits limits;
  private final Map<String, PendingElicitation> pending = new ConcurrentHashMap<>();

  ElicitationHandler(ElicitationChannel elicitationChannel, McpLimits limits) {
    this.elicitationChannel = elicitationChannel;
    this.limits = limits;
  }

  Mono<ElicitResult> onForm(ElicitFormRequest request) {
    var schema = JSON.valueToTree(request.requestedSchema());
    if (!schema.path("type").asString("").equals("object"))
      return refused("the requested schema must be of an object");
    if (ElicitationForm.hasReferences(schema))
      return refused("the requested schema must not contain references");
    if (schema.toString().length() > SCHEMA_LENGTH_MAX) return refused("the schema is too large");
    if (isTooLong(request.message(), MESSAGE_LENGTH_MAX)) return refused("the message is too long");
    var details = toJson(request);
    details.set("requested_schema", schema);
    return request(
        InterceptingTransport.requestKey(request.meta()),
        new ElicitationRequest(Mode.FORM, "", details, limits.responseTimeout()));
  }

  Mono<ElicitResult> onUrl(ElicitUrlRequest request) {
    if (isTooLong(request.message(), MESSAGE_LENGTH_MAX)) return refused("the message is too long");
    if (isTooLong(request.elicitationId(), ID_LENGTH_MAX)) return refused("its id is too long");
    if (!isHttpUrl(request.url())) return refused("the url must be http or https");
    return request(InterceptingTransport.requestKey(request.meta()), toRequest(request));
  }

  private ElicitationRequest toRequest(ElicitUrlRequest request) {
    var details = toJson(request);
    details.put("url", request.url());
    details.put("elicitation_id", request.elicitationId());
    return new ElicitationRequest(
        Mode.URL, request.elicitationId(), details, limits.responseTimeout());
  }

  /**
   * Sends requests for several URLs, one after the other, and returns whether all were accepted.
   */
  boolean requestAll(List<ElicitUrlRequest> requests) {
    for (var request : requests) {
      var result = onUrl(request).onErrorComplete().block();
      if (result == null || result.action() != ElicitResult.Action.ACCEPT) return false;
    }
    return !requests.isEmpty();
  }

  private static ObjectNode toJson(ElicitRequest request) {
    var details = JSON.createObjectNode();
    details.put("message", request.message());
    if (request.meta() != null
        && JSON.valueToTree(request.meta().get(DISPLAY)) instanceof ObjectNode display)
      DISPLAYED.stream()
          .filter(name -> display.path(name).isString())
          .filter(name -> display.path(name).asString().length() <= ID_LENGTH_MAX)
          .forEach(
              name ->
                  details.set(
                      name.equals("displayName") ? "display_name" : name, display.get(name)));
    return details;
  }

  private static boolean isTooLong(@Nullable String text, int max) {
    return text != null && text.length() > max;
  }

  private static boolean isHttpUrl(@Nullable String url) {
    if (url == null || url.length() > URL_LENGTH_MAX) return false;
    try {
      var uri = URI.create(url);
      var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      return Set.of("http", "https").contains(scheme) && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Mono<ElicitResult> refused(String reason) {
    return Mono.error(McpError.builder(BAD_PARAMETERS).message(reason).build());
  }

  private Mono<ElicitResult> request(@Nullable String requestKey, ElicitationRequest request) {
    return Mono.defer(
        () -> {
          var key = requestKey == null ? UUID.randomUUID().toString() : requestKey;
          var pendingElicitation = elicitationChannel.request(request);
          pending.put(key, pendingElicitation);
          return Mono.fromFuture(pendingElicitation.answer(), true)
              .map(ElicitationHandler::result)
              .doFinally(signal -> pending.remove(key, pendingElicitation));
        });
  }

  private static ElicitResult result(ElicitationAnswer elicitationAnswer) {
    var content =
        elicitationAnswer.content().map(form -> JSON.convertValue(form, MAP)).orElse(null);
    return new ElicitResult(
        ElicitResult.Action.valueOf(elicitationAnswer.answer().name()), content);
  }

  void onCompleted(ElicitationCompleteNotification notification) {
    elicitationChannel.completed(notification.elicitationId());
  }

  /** Handles the server's withdrawal of a request. */
  void withdraw(String key) {
    var pendingElicitation = pending.remove(key);
    if (pendingElicitation != null) pendingElicitation.end(EndReason.WITHDRAWN);
  }

  /** Withdraws all requests, because the server can no longer receive answers. */
  void onConnectionLost() {
    pending
        .values()
        .forEach(pendingElicitation -> pendingElicitation.end(EndReason.CONNECTION_LOST));
    pending.clear();
  }
}
