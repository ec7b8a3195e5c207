package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelQuery.ChannelFilter;
import io.agentledger.api.channel.ChannelTestView;
import io.agentledger.api.channel.ChannelVersionView;
import io.agentledger.api.channel.ChannelView;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatQuery.ChatFilter;
import io.agentledger.api.channel.ChatStatus;
import io.agentledger.api.channel.ChatView;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.channel.ChannelService.PlatformList;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for channels and their platforms. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "channels")
class ChannelController {
  private static final String PATH = "/api/v1/channels";

  private final ChannelService channelService;
  private final ContactChatService chatService;

  ChannelController(ChannelService channelService, ContactChatService chatService) {
    this.channelService = channelService;
    this.chatService = chatService;
  }

  @GetMapping("/platforms")
  @Operation(
      operationId = "listPlatforms",
      summary = "List the messaging platforms, their fields and limits")
  Mono<PlatformList> listPlatforms(RequestContext context) {
    return channelService.listPlatforms(context);
  }

  @PostMapping(path = "/channels", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createChannel",
      summary = "Create a channel, which connects a messaging platform")
  Mono<ResponseEntity<ChannelView>> create(
      @Valid @RequestBody SaveChannelRequest request, IdempotencyKey key, RequestContext context) {
    return channelService
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping("/channels")
  @Operation(
      operationId = "listChannels",
      summary = "List the channels that you own or are a member of, newest first")
  Mono<Page<ChannelView>> list(
      @RequestParam(required = false) @Nullable String platform,
      @RequestParam(required = false) @Nullable Boolean paused,
      @RequestParam(required = false) @Nullable String text,
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    var filter = new ChannelFilter(platform, paused, text, includeArchived);
    return channelService.list(context, filter, page);
  }

  @GetMapping("/channels/{id}")
  @Operation(operationId = "getChannel", summary = "Get a channel")
  Mono<ResponseEntity<ChannelView>> find(@PathVariable ChannelId id, RequestContext context) {
    return channelService.find(context, id).map(ETags::okWithTag);
  }

  @PutMapping(path = "/channels/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changeChannel", summary = "Create the next version of a channel")
  Mono<ResponseEntity<ChannelView>> change(
      @PathVariable ChannelId id,
      @Valid @RequestBody SaveChannelRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    return channelService.change(context, id, ifMatch.version(), request).map(ETags::okWithTag);
  }

  @DeleteMapping("/channels/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "archiveChannel", summary = "Archive a channel; its address ends")
  Mono<Void> archive(@PathVariable ChannelId id, RequestContext context) {
    return channelService.archive(context, id);
  }

  @GetMapping("/channels/{id}/versions")
  @Operation(
      operationId = "listChannelVersions",
      summary = "List the versions of a channel and their authors")
  Mono<Page<ChannelVersionView>> listVersions(
      @PathVariable ChannelId id, PageRequest page, RequestContext context) {
    return channelService.listVersions(context, id, page);
  }

  @PostMapping("/channels/{id}/pause")
  @Operation(
      operationId = "pauseChannel",
      summary = "Pause a channel; messages are received, and none is sent")
  Mono<ChannelView> pause(@PathVariable ChannelId id, IdempotencyKey key, RequestContext context) {
    return channelService.pause(context, id, key.withoutBody());
  }

  @PostMapping("/channels/{id}/resume")
  @Operation(operationId = "resumeChannel", summary = "Send the messages that wait")
  Mono<ChannelView> resume(@PathVariable ChannelId id, IdempotencyKey key, RequestContext context) {
    return channelService.resume(context, id, key.withoutBody());
  }

  @PostMapping("/channels/{id}/test")
  @Operation(
      operationId = "testChannel",
      summary = "Ask the platform for the account of a channel, without any effect")
  Mono<ChannelTestView> test(
      @PathVariable ChannelId id,
      IdempotencyKey key, // Validated as everywhere; there is no effect to repeat.
      RequestContext context) {
    return channelService.test(context, id);
  }

  @GetMapping("/channels/{id}/chats")
  @Operation(
      operationId = "listChatsOfChannel",
      summary = "List the chats of a channel, those with the latest messages first")
  Mono<Page<ChatView>> listChats(
      @PathVariable ChannelId id,
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
        new ChatFilter(id, contact, assignee, lastSender, unread, status, agentState, label, text);
    var chats = chatService.list(context, filter, page); // Checks the filter first.
    return channelService.find(context, id).then(chats);
  }
}
