package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatNotification;
import io.agentledger.gateway.channel.ChatStreamService.FollowParams;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.web.EventStreams;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** WebSocket endpoint for notifications about chats. */
@RestController
@Hidden // OpenAPI cannot describe WebSockets.
class ChatWebSocketController {
  private final ChatStreamService chatStreamService;
  private final WebSocketService sockets;
  private final WireJson json;

  ChatWebSocketController(
      ChatStreamService chatStreamService, WebSocketService sockets, WireJson json) {
    this.chatStreamService = chatStreamService;
    this.sockets = sockets;
    this.json = json;
  }

  /** Streams notifications about the chats that the caller sees; ignores what the client sends. */
  @GetMapping("/ws")
  Mono<Void> follow(
      @RequestParam(name = "channel_id", required = false) @Nullable ChannelId channelId,
      @RequestParam(name = "chat_id", required = false) @Nullable ChatId chatId,
      @RequestParam(required = false) @Nullable String after,
      RequestContext context,
      ServerWebExchange exchange) {
    var params = new FollowParams(channelId, chatId, after);
    return chatStreamService
        .follow(context, params)
        .next() // A rejection is the response to the handshake.
        .then(
            Mono.defer(
                () ->
                    sockets.handleRequest(
                        exchange,
                        socket -> send(socket, chatStreamService.follow(context, params)))));
  }

  private Mono<Void> send(WebSocketSession socket, Flux<ChatNotification> notifications) {
    var status = new AtomicReference<>(CloseStatus.GOING_AWAY);
    var messages =
        notifications
            .doOnNext(
                notification -> {
                  if (notification instanceof ChatNotification.Ended)
                    status.set(CloseStatus.POLICY_VIOLATION);
                })
            .map(notification -> socket.textMessage(json.toText(notification)));
    var outgoing =
        socket
            .send(
                EventStreams.withPings(
                    messages, () -> socket.pingMessage(buffers -> buffers.allocateBuffer(0))))
            .then(Mono.defer(() -> socket.close(status.get())));
    return Mono.firstWithSignal(outgoing, socket.receive().then());
  }
}
