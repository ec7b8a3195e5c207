package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatMessageView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the messages of chats with contacts. */
@RestController
@RequestMapping(path = "/api/v1/chats/{id}/messages", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "chats")
class ChatMessageController {
  private final ContactChatService chatService;

  ChatMessageController(ContactChatService chatService) {
    this.chatService = chatService;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(operationId = "sendChatMessage", summary = "Send a message to the contact of a chat")
  Mono<ChatMessageView> send(
      @PathVariable ChatId id,
      @Valid @RequestBody ChatMessageRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return chatService.send(context, id, request, key.with(request));
  }

  @GetMapping
  @Operation(operationId = "listChatMessages", summary = "List the messages of a chat")
  Mono<Page<ChatMessageView>> listMessages(
      @PathVariable ChatId id,
      @RequestParam(name = "newest_first", required = false) boolean newestFirst,
      PageRequest page,
      RequestContext context) {
    return chatService.listMessages(context, id, newestFirst, page);
  }

  @GetMapping("/{message_id}")
  @Operation(
      operationId = "getChatMessage",
      summary = "Get a message with the history of its delivery")
  Mono<ChatMessageView> findMessage(
      @PathVariable ChatId id,
      @PathVariable("message_id") ChatMessageId messageId,
      RequestContext context) {
    return chatService.findMessage(context, id, messageId);
  }

  @PostMapping("/{message_id}/cancel")
  @Operation(
      operationId = "cancelChatMessage",
      summary = "Cancel a pending message, unless a request to send it has begun")
  Mono<ChatMessageView> cancel(
      @PathVariable ChatId id,
      @PathVariable("message_id") ChatMessageId messageId,
      IdempotencyKey key,
      RequestContext context) {
    return chatService.cancel(context, id, messageId, key.withoutBody());
  }

  @PostMapping("/{message_id}/resend")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "resendChatMessage",
      summary = "Send a failed or cancelled message again, as a new message")
  Mono<ChatMessageView> resend(
      @PathVariable ChatId id,
      @PathVariable("message_id") ChatMessageId messageId,
      IdempotencyKey key,
      RequestContext context) {
    return chatService.resend(context, id, messageId, key.withoutBody());
  }

  @GetMapping(path = "/{message_id}/media/{index}", produces = MediaType.ALL_VALUE)
  @Operation(
      operationId = "downloadChatMedia",
      summary = "Download a stored file of a message, as a whole or in ranges")
  @ApiResponse(
      responseCode = "200",
      description = "The file, in the media type of its bytes",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  Mono<ResponseEntity<byte[]>> downloadMedia(
      @PathVariable ChatId id,
      @PathVariable("message_id") ChatMessageId messageId,
      @PathVariable int index,
      @RequestHeader(name = HttpHeaders.RANGE, required = false) @Nullable String rangeHeader,
      @RequestHeader(name = HttpHeaders.IF_RANGE, required = false) @Nullable String ifRange,
      RequestContext context) {
    return chatService
        .findMedia(context, id, messageId, index)
        .map(media -> media.toResponse(rangeHeader, ifRange));
  }
}
