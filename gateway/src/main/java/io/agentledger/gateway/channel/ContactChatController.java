package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatNoteView;
import io.agentledger.api.channel.ChatQuery.ChatFilter;
import io.agentledger.api.channel.ChatStatus;
import io.agentledger.api.channel.ChatView;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.channel.ContactChatService.ChatAction;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for chats with contacts. */
@RestController
@RequestMapping(path = "/api/v1/chats", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "chats")
class ContactChatController {
  private final ContactChatService chatService;

  ContactChatController(ContactChatService chatService) {
    this.chatService = chatService;
  }

  @GetMapping
  @Operation(
      operationId = "listContactChats",
      summary = "List the chats of your channels, those with the latest messages first")
  Mono<Page<ChatView>> list(
      @RequestParam(name = "channel_id", required = false) @Nullable ChannelId channelId,
      @RequestParam(required = false) @Nullable String contact,
      @RequestParam(required = false) @Nullable String assignee,
      @RequestParam(name = "last_sender", required = false) @Nullable SenderType lastSender,
      @RequestParam(required = false) @Nullable Boolean unread,
      @RequestParam(required = false) @Nullable ChatStatus status,
      @RequestParam(name = "agent_state", required = false) @Nullable ChatAgentState agentState,
      @RequestParam(required = false) @Nullable String label,
      @RequestParam(required = false) @Nullable String text,
      PageRequest page,
      RequestContext context) {
    var filter =
        new ChatFilter(
            channelId, contact, assignee, lastSender, unread, status, agentState, label, text);
    return chatService.list(context, filter, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getContactChat", summary = "Get a chat with a contact")
  Mono<ChatView> find(@PathVariable ChatId id, RequestContext context) {
    return chatService.find(context, id);
  }

  @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeContactChat",
      summary = "Assign or label a chat, or switch its agent on or off")
  Mono<ChatView> change(
      @PathVariable ChatId id,
      @Valid @RequestBody ChangeChatRequest request,
      RequestContext context) {
    return chatService.change(context, id, request);
  }

  @PostMapping("/{id}/take-over")
  @Operation(operationId = "takeOverChat", summary = "Answer in place of the agent")
  Mono<ChatView> takeOver(@PathVariable ChatId id, IdempotencyKey key, RequestContext context) {
    return chatService.act(context, id, ChatAction.TAKE_OVER, key.withoutBody());
  }

  @PostMapping("/{id}/hand-back")
  @Operation(operationId = "handBackChat", summary = "Let the agent answer again")
  Mono<ChatView> handBack(@PathVariable ChatId id, IdempotencyKey key, RequestContext context) {
    return chatService.act(context, id, ChatAction.HAND_BACK, key.withoutBody());
  }

  @PostMapping(path = "/{id}/escalate", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "escalateChat",
      summary = "Hand a chat from its agent to people, with a reason")
  Mono<Void> escalate(
      @PathVariable ChatId id,
      @Valid @RequestBody EscalateChatRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return chatService.escalate(context, id, request.reason(), key.with(request)).then();
  }

  @PostMapping("/{id}/close")
  @Operation(
      operationId = "closeChat",
      summary = "Close a chat; a message of the contact opens it again")
  Mono<ChatView> close(@PathVariable ChatId id, IdempotencyKey key, RequestContext context) {
    return chatService.act(context, id, ChatAction.CLOSE, key.withoutBody());
  }

  @PostMapping("/{id}/reopen")
  @Operation(operationId = "reopenChat", summary = "Open a closed chat again")
  Mono<ChatView> reopen(@PathVariable ChatId id, IdempotencyKey key, RequestContext context) {
    return chatService.act(context, id, ChatAction.REOPEN, key.withoutBody());
  }

  @PostMapping(path = "/{id}/read", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "readChat", summary = "Mark the messages up to a number as read by you")
  Mono<ChatView> read(
      @PathVariable ChatId id,
      @Valid @RequestBody ReadChatRequest request,
      IdempotencyKey key, // Validated as everywhere; repeating it has no effect.
      RequestContext context) {
    return chatService.read(context, id, request);
  }

  @PostMapping("/{id}/unread")
  @Operation(
      operationId = "markChatUnread",
      summary = "Mark the last message of the contact as not read by you")
  Mono<ChatView> markUnread(
      @PathVariable ChatId id,
      IdempotencyKey key, // Validated as everywhere; repeating it has no effect.
      RequestContext context) {
    return chatService.markUnread(context, id);
  }

  @PostMapping(path = "/{id}/notes", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "addChatNote",
      summary = "Add a note to a chat, which the contact does not see")
  Mono<ChatNoteView> addNote(
      @PathVariable ChatId id,
      @Valid @RequestBody AddChatNoteRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return chatService
        .addNote(context, id, request, key.with(request))
        .map(page -> page.items().getFirst());
  }

  @GetMapping("/{id}/notes")
  @Operation(operationId = "listChatNotes", summary = "List the notes about a chat, newest first")
  Mono<Page<ChatNoteView>> listNotes(
      @PathVariable ChatId id, PageRequest page, RequestContext context) {
    return chatService.listNotes(context, id, page);
  }
}
