package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatNotification;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.channel.ChatStreamService.FollowParams;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.web.EventStreams;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** Notifications about chats as server-sent events. */
@RestController
@Tag(name = "chats")
class ChatEventsController {
  private final ChatStreamService chatStreamService;
  private final WireJson json;

  ChatEventsController(ChatStreamService chatStreamService, WireJson json) {
    this.chatStreamService = chatStreamService;
    this.json = json;
  }

  @GetMapping("/api/v1/chats/events")
  @Operation(
      operationId = "streamChatEvents",
      summary = "Stream notifications about the chats that you see")
  @ApiResponse(
      responseCode = "200",
      description = "Stream of notifications; the data of each event is one notification",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = ChatNotification.class)))
  ResponseEntity<Flux<ServerSentEvent<String>>> follow(
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @RequestParam(name = "channel_id", required = false) @Nullable ChannelId channelId,
      @RequestParam(name = "chat_id", required = false) @Nullable ChatId chatId,
      @RequestParam(required = false) @Nullable String after,
      RequestContext context) {
    boolean reconnected = lastEventId != null && !lastEventId.isEmpty();
    var params = new FollowParams(channelId, chatId, reconnected ? lastEventId : after);
    var notifications = chatStreamService.follow(context, params);
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .cacheControl(CacheControl.noStore())
        .header("X-Accel-Buffering", "no") // Disables buffering in proxies.
        .body(EventStreams.withPings(notifications.map(this::toEvent)));
  }

  private ServerSentEvent<String> toEvent(ChatNotification notification) {
    return EventStreams.event(
        StableNames.of(notification.getClass()), notification.cursor(), json.toText(notification));
  }
}
