package io.agentledger.gateway.session.websocket;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.input.SessionMessageHandler;
import io.agentledger.gateway.session.query.QueryInNewSessionRequest;
import io.agentledger.gateway.session.stream.ClientChannel;
import io.agentledger.gateway.session.stream.SessionStreamRegistry;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.session.stream.StreamSubscription;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
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
 * The stream over WebSocket, and talking back. A session that is not there is refused before the
 * handshake, in HTTP.
 */
@RestController
@Hidden // OpenAPI has no words for sockets.
class SessionWebSocketController {
  private static final Duration LAST_WORD = Duration.ofSeconds(1);

  private final MessageGateway bus;
  private final SessionService door;
  private final SessionStreamRegistry logs;
  private final SessionMessageHandler conversation;
  private final WebSocketService sockets;
  private final WireJson json;
  private final RequestValidator checks;
  private final RevocationMonitor presence;

  SessionWebSocketController(
      MessageGateway bus,
      SessionService door,
      SessionStreamRegistry logs,
      SessionMessageHandler conversation,
      WebSocketService sockets,
      WireJson json,
      RequestValidator checks,
      RevocationMonitor presence) {
    this.bus = bus;
    this.door = door;
    this.logs = logs;
    this.conversation = conversation;
    this.sockets = sockets;
    this.json = json;
    this.checks = checks;
    this.presence = presence;
  }

  @GetMapping("/ws/sessions/{id}")
  Mono<Void> follow(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Long after,
      RequestContext visit,
      ServerWebExchange exchange) {
    var from = Pagination.after(null, after);
    var connection = ClientChannel.of(exchange.getResponse());
    return door.find(visit, id)
        .publishOn(Schedulers.fromExecutor(connection.loop()))
        .flatMap(
            view -> {
              var plan = StreamRequest.of(visit, view, from == null ? view.sequence() : from);
              return sockets.handleRequest(exchange, socket -> talk(socket, plan, connection));
            });
  }

  private Mono<Void> talk(WebSocketSession socket, StreamRequest plan, ClientChannel connection) {
    var follower = logs.webSocket(plan, connection);
    return talk(socket, plan, words(socket), follower);
  }

  private Mono<Void> talk(
      WebSocketSession socket,
      StreamRequest plan,
      Flux<String> words,
      StreamSubscription<WebSocketMessage> follower) {
    var heard = conversation.hear(plan.visit(), plan.session(), words, follower);
    var told =
        socket
            .send(follower)
            .then(Mono.defer(() -> follower.isExpelled() ? seeOut(socket) : Mono.empty()));
    return Mono.firstWithSignal(told, heard);
  }

  private static Mono<Void> seeOut(WebSocketSession socket) {
    return socket.close(CloseStatus.POLICY_VIOLATION);
  }

  /**
   * Even one that has not said anything; what is followed has its own last word before. Reactor
   * Netty forgets a close that another thread than the connection's own asks for.
   */
  private Mono<Void> seeOutLate(
      RequestContext visit, WebSocketSession socket, ClientChannel connection) {
    return presence
        .over(visit)
        .then(Mono.delay(LAST_WORD))
        .publishOn(Schedulers.fromExecutor(connection.loop()))
        .then(Mono.defer(() -> seeOut(socket)));
  }

  /** The first prompt opens the session; from then on it is as with {@link #follow}. */
  @GetMapping("/api/v1/query/ws")
  Mono<Void> ask(RequestContext visit, ServerWebExchange exchange) {
    var connection = ClientChannel.of(exchange.getResponse());
    WebSocketHandler handler =
        socket ->
            words(socket)
                .switchOnFirst(
                    (first, words) -> {
                      var word = first.get();
                      return word == null
                          ? words.then()
                          : open(visit, word)
                              .flatMap(plan -> goOn(socket, plan, words.skip(1), connection))
                              .onErrorResume(failure -> refuse(socket, visit, failure));
                    })
                .then();
    WebSocketHandler guarded =
        socket ->
            Mono.firstWithSignal( // A fault ends it, too: a message that is too large, for one.
                handler.handle(socket), seeOutLate(visit, socket, connection).then(Mono.never()));
    return sockets.handleRequest(exchange, guarded);
  }

  private Mono<Void> goOn(
      WebSocketSession socket, StreamRequest plan, Flux<String> words, ClientChannel connection) {
    return talk(socket, plan, words, logs.webSocket(plan, connection));
  }

  private Mono<StreamRequest> open(RequestContext visit, String word) {
    return bus.aside(
        () -> {
          var fields = json.object(word);
          var type = fields.remove("type");
          if (type == null || !"prompt".equals(type.asString("")))
            throw InvalidRequestException.body(
                "/type", "must be prompt, for the first one opens the session");
          var wish = checks.check(json.read(fields, QueryInNewSessionRequest.class));
          return door.openAndAsk(visit, wish, null)
              .flatMap(query -> door.find(visit, query.sessionId()))
              .map((SessionView view) -> StreamRequest.of(visit, view, 0));
        });
  }

  private Mono<Void> refuse(WebSocketSession socket, RequestContext visit, Throwable failure) {
    var error = json.text(conversation.error(failure, visit, null));
    return socket
        .send(Mono.fromSupplier(() -> socket.textMessage(error)))
        .then(socket.close(CloseStatus.POLICY_VIOLATION));
  }

  private static Flux<String> words(WebSocketSession socket) {
    return socket
        .receive()
        .filter(message -> message.getType() != WebSocketMessage.Type.PONG)
        .map(WebSocketMessage::getPayloadAsText);
  }
}
