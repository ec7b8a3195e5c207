package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatNotification;
import io.agentledger.api.channel.ChatNotification.Ended;
import io.agentledger.api.channel.ChatQuery.FollowChats;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.StreamLimiter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Streams of notifications about chats, shared by server-sent events, WebSocket and RSocket. */
@Component
class ChatStreamService {
  /** Maximum number of streams of a user at a time on a node. */
  private static final int STREAMS_MAX = 50;

  private static final Ended REVOKED =
      new Ended(
          "unauthorized",
          "Your credential has expired or was revoked, or its permissions changed."
              + " Reconnect with a valid credential.");

  private final MessageGateway messageGateway;
  private final RevocationMonitor revocationMonitor;
  private final StreamLimiter streamLimiter;

  ChatStreamService(
      MessageGateway messageGateway,
      RevocationMonitor revocationMonitor,
      StreamLimiter streamLimiter) {
    this.messageGateway = messageGateway;
    this.revocationMonitor = revocationMonitor;
    this.streamLimiter = streamLimiter;
  }

  /**
   * Chats to follow, and where the stream begins; null is the default.
   *
   * @param after cursor of the last notification that the client has received
   */
  record FollowParams(
      @Nullable ChannelId channelId, @Nullable ChatId chatId, @Nullable String after) {}

  /**
   * Returns the notifications, on the event loop. A request that is rejected fails before the
   * first; a stream that the service ends has a last one with the reason.
   */
  Flux<ChatNotification> follow(RequestContext context, FollowParams params) {
    var query =
        new FollowChats(context.tenant(), params.channelId(), params.chatId(), params.after());
    var notifications =
        messageGateway.stream(context, query, ChatNotification.class)
            .switchOnFirst(
                (first, all) ->
                    first.isOnNext()
                        ? all.onErrorResume(failure -> Mono.just(toEnded(context, failure)))
                        : all);
    var untilRevoked =
        Flux.merge(
                1, // More would be sent before the error after a revocation.
                notifications,
                revocationMonitor.onRevoked(context).thenReturn(REVOKED))
            .takeUntil(Ended.class::isInstance);
    return messageGateway.onEventLoop(
        streamLimiter.limit(untilRevoked, "chat_streams", context.caller().user(), STREAMS_MAX));
  }

  private static Ended toEnded(RequestContext context, Throwable failure) {
    var problem = ProblemMapper.toProblem(failure, context.requestId());
    return new Ended(problem.code(), problem.detail());
  }
}
