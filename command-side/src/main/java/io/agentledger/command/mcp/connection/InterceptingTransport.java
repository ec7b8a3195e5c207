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
 * A way to a server on which it is seen what the client of the SDK keeps to itself: which message
 * carries which call, so that a call can be cancelled, and which question the server takes back.
 */
final class InterceptingTransport implements McpClientTransport {
  private static final String CANCELLED = "notifications/cancelled";
  private static final String TOKEN = "progressToken";
  private static final String META = "_meta";
  private static final String KEY = "agentledger/request";

  private final McpClientTransport inner;
  private final Consumer<String> takenBack;
  private final Consumer<Throwable> unconnected;
  private final Map<String, Object> calls = new ConcurrentHashMap<>();

  /**
   * @param takenBack hears the {@link #key} of a question that the server takes back
   * @param unconnected hears why the connection could not be made: the client would wait for it
   */
  InterceptingTransport(
      McpClientTransport inner, Consumer<String> takenBack, Consumer<Throwable> unconnected) {
    this.inner = inner;
    this.unconnected = unconnected;
    this.takenBack = takenBack;
  }

  /** What a call carries so that it can be found again. */
  static Map<String, Object> token(String call) {
    return Map.of(TOKEN, call);
  }

  /** The name of the message that asked. */
  static @Nullable String key(@Nullable Map<String, Object> meta) {
    return meta != null && meta.get(KEY) instanceof String key ? key : null;
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    return inner
        .connect(messages -> handler.apply(messages.map(this::intercept)))
        .doOnError(unconnected);
  }

  private JSONRPCMessage intercept(JSONRPCMessage message) {
    if (message instanceof JSONRPCRequest asked
        && asked.method().equals(McpSchema.METHOD_ELICITATION_CREATE)
        && asked.params() instanceof Map<?, ?> params) return named(asked, params);
    if (message instanceof JSONRPCNotification said
        && said.method().equals(CANCELLED)
        && said.params() instanceof Map<?, ?> params)
      takenBack.accept(String.valueOf(params.get("requestId")));
    return message;
  }

  private static JSONRPCRequest named(JSONRPCRequest asked, Map<?, ?> params) {
    var meta = new HashMap<Object, Object>();
    if (params.get(META) instanceof Map<?, ?> theirs) meta.putAll(theirs);
    meta.put(KEY, String.valueOf(asked.id()));
    var all = new HashMap<Object, Object>(params);
    all.put(META, meta);
    return new JSONRPCRequest(asked.jsonrpc(), asked.method(), asked.id(), all);
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    if (message instanceof JSONRPCRequest request
        && request.params() instanceof McpSchema.CallToolRequest call
        && call.meta() != null
        && call.meta().get(TOKEN) instanceof String token) calls.put(token, request.id());
    return inner.sendMessage(message);
  }

  /** The call has ended. */
  void unregister(String call) {
    calls.remove(call);
  }

  /** Tells the server that nobody waits for the call any more; of one that ended, nothing. */
  void cancel(String call, String why) {
    var id = calls.remove(call);
    if (id == null) return;
    inner
        .sendMessage(new JSONRPCNotification(CANCELLED, Map.of("requestId", id, "reason", why)))
        .onErrorComplete() // It has ended, or its connection has.
        .subscribe();
  }

  @Override
  public void setExceptionHandler(Consumer<Throwable> handler) {
    inner.setExceptionHandler(handler);
  }

  @Override
  public void close() {
    inner.close();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return inner.closeGracefully();
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return inner.unmarshalFrom(data, type);
  }

  @Override
  public List<String> protocolVersions() {
    return inner.protocolVersions();
  }
}
