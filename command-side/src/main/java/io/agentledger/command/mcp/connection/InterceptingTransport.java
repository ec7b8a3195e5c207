package io.agentledger.command.mcp.connection;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Transport that records details which the SDK's client does not expose: the message id of each
 * call, so that a call can be cancelled, and the server's withdrawal of a request to the user.
 */
final class InterceptingTransport implements McpClientTransport {
  private static final String CANCELLED = "notifications/cancelled";
  private static final String TOKEN = "progressToken";
  private static final String META = "_meta";
  private static final String KEY = "agentledger/request";

  private final McpClientTransport delegate;
  private final Consumer<String> onCancelled;
  private final Consumer<Throwable> onConnectFailure;
  private final Map<String, Object> calls = new ConcurrentHashMap<>();

  /**
   * @param onCancelled called with the {@link #requestKey} of a request that the server withdraws
   * @param onConnectFailure called if the connection fails, because the client would wait for it
   */
  InterceptingTransport(
      McpClientTransport delegate,
      Consumer<String> onCancelled,
      Consumer<Throwable> onConnectFailure) {
    this.delegate = delegate;
    this.onConnectFailure = onConnectFailure;
    this.onCancelled = onCancelled;
  }

  /** Returns the metadata of a call by which it is found again. */
  static Map<String, Object> progressTokenMeta(String callId) {
    return Map.of(TOKEN, callId);
  }

  /** Returns the key of the request's message. */
  static @Nullable String requestKey(@Nullable Map<String, Object> meta) {
    return meta != null && meta.get(KEY) instanceof String key ? key : null;
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    return delegate
        .connect(messages -> handler.apply(messages.map(this::intercept)))
        .doOnError(onConnectFailure);
  }

  private JSONRPCMessage intercept(JSONRPCMessage message) {
    if (message instanceof JSONRPCRequest request
        && request.method().equals(McpSchema.METHOD_ELICITATION_CREATE)
        && request.params() instanceof Map<?, ?> params) return withRequestKey(request, params);
    if (message instanceof JSONRPCNotification notification
        && notification.method().equals(CANCELLED)
        && notification.params() instanceof Map<?, ?> params)
      onCancelled.accept(String.valueOf(params.get("requestId")));
    return message;
  }

  private static JSONRPCRequest withRequestKey(JSONRPCRequest request, Map<?, ?> params) {
    var meta = new HashMap<Object, Object>();
    if (params.get(META) instanceof Map<?, ?> requestMeta) meta.putAll(requestMeta);
    meta.put(KEY, String.valueOf(request.id()));
    var all = new HashMap<Object, Object>(params);
    all.put(META, meta);
    return new JSONRPCRequest(request.jsonrpc(), request.method(), request.id(), all);
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    if (message instanceof JSONRPCRequest request
        && request.params() instanceof McpSchema.CallToolRequest call
        && call.meta() != null
        && call.meta().get(TOKEN) instanceof String token) calls.put(token, request.id());
    return delegate.sendMessage(message);
  }

  /** Removes a call that has ended. */
  void unregister(String callId) {
    calls.remove(callId);
  }

  /** Cancels a call at the server; does nothing if it has ended. */
  void cancel(String callId, String reason) {
    var id = calls.remove(callId);
    if (id == null) return;
    delegate
        .sendMessage(new JSONRPCNotification(CANCELLED, Map.of("requestId", id, "reason", reason)))
        .onErrorComplete() // The call or the connection has ended.
        .subscribe();
  }

  @Override
  public void setExceptionHandler(Consumer<Throwable> handler) {
    delegate.setExceptionHandler(handler);
  }

  @Override
  public void close() {
    delegate.close();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return delegate.closeGracefully();
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return delegate.unmarshalFrom(data, type);
  }

  @Override
  public List<String> protocolVersions() {
    return delegate.protocolVersions();
  }
}
