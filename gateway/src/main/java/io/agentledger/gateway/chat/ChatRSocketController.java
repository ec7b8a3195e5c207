package io.agentledger.gateway.chat;

import io.agentledger.gateway.session.stream.ClientChannel;
import io.agentledger.gateway.session.stream.SessionStreamRegistry;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * RSocket routes for the caller's chat. Data is JSON in both directions, with the fields of REST.
 */
@Controller
class ChatRSocketController {
  private final ChatService chatService;
  private final SessionStreamRegistry sessionStreamRegistry;
  private final WireJson json;

  ChatRSocketController(
      ChatService chatService, SessionStreamRegistry sessionStreamRegistry, WireJson json) {
    this.chatService = chatService;
    this.sessionStreamRegistry = sessionStreamRegistry;
    this.json = json;
  }

  @MessageMapping("chat")
  Flux<DataBuffer> send(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(ChatRequest.class);
    return chatService
        .send(context, request, key.with(request))
        .flatMap(
            query ->
                Mono.deferContextual(
                    view ->
                        sessionStreamRegistry.rsocketSubscription(
                            StreamRequest.forQuery(context, query), ClientChannel.from(view))))
        .flatMapMany(Function.identity());
  }

  @MessageMapping("chat.get")
  Mono<byte[]> find(RequestContext context) {
    return chatService.find(context).map(json::toBytes);
  }

  @MessageMapping("chat.end")
  Mono<byte[]> end(RequestContext context) {
    return chatService.end(context).then(find(context));
  }
}
