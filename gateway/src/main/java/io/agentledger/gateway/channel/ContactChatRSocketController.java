package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatQuery.ChatFilter;
import io.agentledger.api.channel.ChatStatus;
import io.agentledger.api.channel.SenderType;
import io.agentledger.gateway.channel.ChatStreamService.FollowParams;
import io.agentledger.gateway.channel.ContactChatService.ChatAction;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Download;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** RSocket routes for chats with contacts. Data is JSON in both directions, as in REST. */
@Controller
class ContactChatRSocketController {
  private final ContactChatService chatService;
  private final ChatStreamService chatStreamService;
  private final WireJson json;

  ContactChatRSocketController(
      ContactChatService chatService, ChatStreamService chatStreamService, WireJson json) {
    this.chatService = chatService;
    this.chatStreamService = chatStreamService;
    this.json = json;
  }

  /** Parameters of a list of chats; null is the default. */
  record ListParams(
      @Nullable ChannelId channelId,
      @Nullable String contact,
      @Nullable String assignee,
      @Nullable SenderType lastSender,
      @Nullable Boolean unread,
      @Nullable ChatStatus status,
      @Nullable ChatAgentState agentState,
      @Nullable String label,
      @Nullable String text,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Parameters of a list of messages; null is the default. */
  record MessageListParams(
      @Nullable Boolean newestFirst, @Nullable Integer limit, @Nullable String cursor) {}

  @MessageMapping("chats.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var filter =
        new ChatFilter(
            params.channelId(),
            params.contact(),
            params.assignee(),
            params.lastSender(),
            params.unread(),
            params.status(),
            params.agentState(),
            params.label(),
            params.text());
    return chatService.list(context, filter, page).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.get")
  Mono<byte[]> find(@DestinationVariable ChatId id, RequestContext context) {
    return chatService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.change")
  Mono<byte[]> change(@DestinationVariable ChatId id, RSocketBody body, RequestContext context) {
    var request = body.read(ChangeChatRequest.class);
    return chatService.change(context, id, request).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.messages.send")
  Mono<byte[]> send(@DestinationVariable ChatId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(ChatMessageRequest.class);
    return chatService.send(context, id, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.messages.list")
  Mono<byte[]> listMessages(
      @DestinationVariable ChatId id, RSocketBody body, RequestContext context) {
    var params = body.read(MessageListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return chatService
        .listMessages(context, id, Boolean.TRUE.equals(params.newestFirst()), page)
        .map(json::toBytes);
  }

  @MessageMapping("chats.{id}.messages.{message}.get")
  Mono<byte[]> findMessage(
      @DestinationVariable ChatId id,
      @DestinationVariable ChatMessageId message,
      RequestContext context) {
    return chatService.findMessage(context, id, message).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.messages.{message}.cancel")
  Mono<byte[]> cancel(
      @DestinationVariable ChatId id,
      @DestinationVariable ChatMessageId message,
      RequestContext context) {
    return chatService.cancel(context, id, message, null).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.messages.{message}.resend")
  Mono<byte[]> resend(
      @DestinationVariable ChatId id,
      @DestinationVariable ChatMessageId message,
      RequestContext context) {
    return chatService.resend(context, id, message, null).map(json::toBytes);
  }

  /** Streams the file in parts. */
  @MessageMapping("chats.{id}.messages.{message}.media.{index}")
  Flux<byte[]> downloadMedia(
      @DestinationVariable ChatId id,
      @DestinationVariable ChatMessageId message,
      @DestinationVariable int index,
      RequestContext context) {
    return chatService.findMedia(context, id, message, index).flatMapMany(Download::toParts);
  }

  @MessageMapping("chats.{id}.take-over")
  Mono<byte[]> takeOver(@DestinationVariable ChatId id, RequestContext context) {
    return chatService.act(context, id, ChatAction.TAKE_OVER, null).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.hand-back")
  Mono<byte[]> handBack(@DestinationVariable ChatId id, RequestContext context) {
    return chatService.act(context, id, ChatAction.HAND_BACK, null).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.escalate")
  Mono<byte[]> escalate(@DestinationVariable ChatId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(EscalateChatRequest.class);
    return chatService
        .escalate(context, id, request.reason(), key.with(request))
        .map(json::toBytes);
  }

  @MessageMapping("chats.{id}.close")
  Mono<byte[]> close(@DestinationVariable ChatId id, RequestContext context) {
    return chatService.act(context, id, ChatAction.CLOSE, null).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.reopen")
  Mono<byte[]> reopen(@DestinationVariable ChatId id, RequestContext context) {
    return chatService.act(context, id, ChatAction.REOPEN, null).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.read")
  Mono<byte[]> read(@DestinationVariable ChatId id, RSocketBody body, RequestContext context) {
    return chatService.read(context, id, body.read(ReadChatRequest.class)).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.unread")
  Mono<byte[]> markUnread(@DestinationVariable ChatId id, RequestContext context) {
    return chatService.markUnread(context, id).map(json::toBytes);
  }

  @MessageMapping("chats.{id}.notes.add")
  Mono<byte[]> addNote(@DestinationVariable ChatId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(AddChatNoteRequest.class);
    return chatService
        .addNote(context, id, request, key.with(request))
        .map(page -> json.toBytes(page.items().getFirst()));
  }

  @MessageMapping("chats.{id}.notes.list")
  Mono<byte[]> listNotes(@DestinationVariable ChatId id, RSocketBody body, RequestContext context) {
    return chatService.listNotes(context, id, body.readPage()).map(json::toBytes);
  }

  @MessageMapping("chats.events")
  Flux<byte[]> follow(RSocketBody body, RequestContext context) {
    return chatStreamService.follow(context, body.read(FollowParams.class)).map(json::toBytes);
  }
}
