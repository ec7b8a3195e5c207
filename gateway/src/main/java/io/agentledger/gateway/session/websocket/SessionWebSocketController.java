package io.agentledger.gateway.session.websocket;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.input.SessionMessageHandler;
import io.agentledger.gateway.session.prompt.QueryInNewSessionRequest;
import io.agentledger.gateway.session.stream.ClientChannel;
import io.agentledger.gateway.session.stream.SessionStreamRegistry;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.session.stream.StreamSubscription;
import io.agentledger.gateway.support.json.Utf8Text;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * WebSocket endpoints for streams and inputs of sessions. An unknown session is rejected before the
 * handshake, with an HTTP response.
 */
@RestController
@Hidden // OpenAPI cannot describe WebSockets.
class SessionWebSocketController {
  private static final Duration CLOSE_DELAY = Duration.ofSeconds(1);

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final SessionStreamRegistry sessionStreamRegistry;
  private final SessionMessageHandler sessionMessageHandler;
  private final WebSocketService sockets;
  private final WireJson json;
  private final RevocationMonitor revocationMonitor;

  SessionWebSocketController(
      MessageGateway messageGateway,
      SessionService sessionService,
      SessionStreamRegistry sessionStreamRegistry,
      SessionMessageHandler sessionMessageHandler,
      WebSocketService sockets,
      WireJson json,
      RevocationMonitor revocationMonitor) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.sessionStreamRegistry = sessionStreamRegistry;
    this.sessionMessageHandler = sessionMessageHandler;
    this.sockets = sockets;
    this.json = json;
    this.revocationMonitor = revocationMonitor;
  }

  /** Streams a session and takes inputs; also served below {@code /ws/sessions}. */
  @GetMapping({SessionController.PATH + "/{id}/ws", "/ws/sessions/{id}"})
  Mono<Void> streamSession(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Long after,
      RequestContext context,
      ServerWebExchange exchange) {
    return connect(
        exchange,
        StreamRequest.resume(context, id, Pagination.parseResumePosition(null, after)),
        sessionStreamRegistry::webSocketSubscription);
  }

  /** Streams a session in the messages of the origin document, and takes the same inputs. */
  @GetMapping("/ws/{session_id}")
  Mono<Void> streamTasks(
      @PathVariable("session_id") SessionId id,
      @RequestParam(required = false) @Nullable Long after,
      RequestContext context,
      ServerWebExchange exchange) {
    return connect(
        exchange,
        StreamRequest.resume(context, id, Pagination.parseResumePosition(null, after)),
        sessionStreamRegistry::taskSubscription);
  }

  private Mono<Void> connect(
      ServerWebExchange exchange,
      StreamRequest streamRequest,
      BiFunction<StreamRequest, ClientChannel, Mono<StreamSubscription<WebSocketMessage>>>
          subscriptions) {
    var clientChannel = ClientChannel.from(exchange.getResponse());
    return subscriptions
        .apply(streamRequest, clientChannel)
        .publishOn(Schedulers.fromExecutor(clientChannel.loop()))
        .flatMap(
            subscription ->
                sockets.handleRequest(
                    exchange,
                    socket ->
                        exchangeMessages(
                            socket, streamRequest, receiveMessages(socket), subscription)));
  }

  private Mono<Void> exchangeMessages(
      WebSocketSession socket,
      StreamRequest streamRequest,
      Flux<String> messages,
      StreamSubscription<WebSocketMessage> subscription) {
    var incoming =
        sessionMessageHandler.handle(
            streamRequest.context(), streamRequest.sessionId(), messages, subscription);
    var outgoing =
        socket
            .send(subscription)
            .then(
                Mono.defer(
                    () -> subscription.isTerminated() ? closeSession(socket) : Mono.empty()));
    return Mono.firstWithSignal(outgoing, incoming);
  }

  private static Mono<Void> closeSession(WebSocketSession socket) {
    return socket.close(CloseStatus.POLICY_VIOLATION);
  }

  /**
   * Closes the connection when the credential is revoked, even before its first message. A stream
   * sends its own last item before. The close runs on the connection's event loop, because Reactor
   * Netty ignores one from another thread.
   */
  private Mono<Void> closeOnRevocation(
      RequestContext context, WebSocketSession socket, ClientChannel clientChannel) {
    return revocationMonitor
        .onRevoked(context)
        .then(Mono.delay(CLOSE_DELAY))
        .publishOn(Schedulers.fromExecutor(clientChannel.loop()))
        .then(Mono.defer(() -> closeSession(socket)));
  }

  /** Opens a session with the first prompt; continues like {@link #streamSession}. */
  @GetMapping("/api/v1/query/ws")
  Mono<Void> queryInNewSession(RequestContext context, ServerWebExchange exchange) {
    var clientChannel = ClientChannel.from(exchange.getResponse());
    WebSocketHandler handler =
        socket ->
            receiveMessages(socket)
                .switchOnFirst(
                    (firstSignal, messages) -> {
                      var message = firstSignal.get();
                      return message == null
                          ? messages.then()
                          : openSession(context, message)
                              .flatMap(
                                  streamRequest ->
                                      exchangeRemaining(
                                          socket, streamRequest, messages.skip(1), clientChannel))
                              .onErrorResume(
                                  failure ->
                                      ProblemMapper.isDisconnect(failure)
                                          ? Mono.empty()
                                          : closeWithProblem(socket, context, failure));
                    })
                .then();
    WebSocketHandler monitored =
        socket ->
            // An error such as a message that is too large also ends the connection.
            Mono.firstWithSignal(
                handler.handle(socket),
                closeOnRevocation(context, socket, clientChannel).then(Mono.never()));
    return sockets.handleRequest(exchange, monitored);
  }

  private Mono<Void> exchangeRemaining(
      WebSocketSession socket,
      StreamRequest streamRequest,
      Flux<String> messages,
      ClientChannel clientChannel) {
    return sessionStreamRegistry
        .webSocketSubscription(streamRequest, clientChannel)
        .flatMap(subscription -> exchangeMessages(socket, streamRequest, messages, subscription));
  }

  private Mono<StreamRequest> openSession(RequestContext context, String message) {
    return messageGateway.offload(
        () -> {
          var fields = json.parseObject(message);
          var type = fields.remove("type");
          if (type == null || !"prompt".equals(type.asString("")))
            throw InvalidRequestException.body(
                "/type", "must be prompt, because the first input opens the session");
          var request = json.read(fields, QueryInNewSessionRequest.class);
          return sessionService
              .openAndQuery(context, request, null)
              .map(query -> StreamRequest.forSession(context, query.sessionId(), 0));
        });
  }

  private Mono<Void> closeWithProblem(
      WebSocketSession socket, RequestContext context, Throwable failure) {
    var error = json.toText(sessionMessageHandler.toErrorMessage(failure, context, null));
    return socket
        .send(Mono.fromSupplier(() -> socket.textMessage(error)))
        .then(socket.close(CloseStatus.POLICY_VIOLATION));
  }

  /**
   * Returns the text of a message. Invalid UTF-8 results in an error message, and the connection
   * stays open.
   */
  private static String textOf(DataBuffer payload) {
    var bytes = Utf8Text.bytes(payload);
    return Utf8Text.isValid(bytes.duplicate()) ? Utf8Text.decode(bytes) : "";
  }

  private static Flux<String> receiveMessages(WebSocketSession socket) {
    return socket
        .receive()
        .filter(message -> message.getType() != WebSocketMessage.Type.PONG)
        .map(message -> textOf(message.getPayload()));
  }
}
