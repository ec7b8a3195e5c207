package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChatCommand;
import io.agentledger.api.channel.ChatCommand.AddChatNote;
import io.agentledger.api.channel.ChatCommand.AssignChat;
import io.agentledger.api.channel.ChatCommand.CancelChatMessage;
import io.agentledger.api.channel.ChatCommand.ChangeChatLabels;
import io.agentledger.api.channel.ChatCommand.CloseChat;
import io.agentledger.api.channel.ChatCommand.EscalateChat;
import io.agentledger.api.channel.ChatCommand.HandBackChat;
import io.agentledger.api.channel.ChatCommand.MarkChatUnread;
import io.agentledger.api.channel.ChatCommand.ReadChat;
import io.agentledger.api.channel.ChatCommand.ReopenChat;
import io.agentledger.api.channel.ChatCommand.SendChatMessage;
import io.agentledger.api.channel.ChatCommand.SentFile;
import io.agentledger.api.channel.ChatCommand.SetChatAgent;
import io.agentledger.api.channel.ChatCommand.TakeOverChat;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMediaData;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatMessageView;
import io.agentledger.api.channel.ChatNoteId;
import io.agentledger.api.channel.ChatNoteView;
import io.agentledger.api.channel.ChatQuery.ChatFilter;
import io.agentledger.api.channel.ChatQuery.FindChat;
import io.agentledger.api.channel.ChatQuery.FindChatMedia;
import io.agentledger.api.channel.ChatQuery.FindChatMessage;
import io.agentledger.api.channel.ChatQuery.FindUnsentChatMessage;
import io.agentledger.api.channel.ChatQuery.ListChatMessages;
import io.agentledger.api.channel.ChatQuery.ListChatNotes;
import io.agentledger.api.channel.ChatQuery.ListChats;
import io.agentledger.api.channel.ChatView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.Download;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Operations on chats with contacts, shared by REST and RSocket. */
@Component
class ContactChatService {
  private static final int CONTACT_LENGTH_MAX = 255;

  private final MessageGateway messageGateway;
  private final Clock clock;

  ContactChatService(MessageGateway messageGateway, Clock clock) {
    this.messageGateway = messageGateway;
    this.clock = clock;
  }

  Mono<Page<ChatView>> list(RequestContext context, ChatFilter filter, PageRequest page) {
    QueryParameters.requireText("contact", filter.contact(), CONTACT_LENGTH_MAX);
    QueryParameters.requireText("label", filter.label(), ChatCommand.LABEL_LENGTH_MAX);
    QueryParameters.requireText("text", filter.text());
    QueryParameters.parse("assignee", filter.assignee(), ContactChatService::requireAssignee);
    return messageGateway.queryPage(context, new ListChats(context.tenant(), filter, page));
  }

  private static String requireAssignee(String assignee) {
    if (assignee.equals(ChatFilter.ME) || assignee.equals(ChatFilter.NOBODY)) return assignee;
    return new UserId(assignee).value();
  }

  Mono<ChatView> find(RequestContext context, ChatId id) {
    return messageGateway.query(context, new FindChat(context.tenant(), id), ChatView.class);
  }

  Mono<ChatView> change(RequestContext context, ChatId id, ChangeChatRequest request) {
    requireScopes(context, AssignChat.class);
    boolean isUnassigned = Boolean.TRUE.equals(request.unassign());
    if (isUnassigned && request.assignee() != null)
      throw InvalidRequestException.body("/unassign", "must not be true with an assignee");
    var commands = new ArrayList<ChatCommand>();
    if (isUnassigned || request.assignee() != null)
      commands.add(new AssignChat(id, request.assignee(), null));
    if (request.labels() != null) commands.add(new ChangeChatLabels(id, request.labels(), null));
    if (request.agentActive() != null)
      commands.add(new SetChatAgent(id, request.agentActive(), null));
    return Flux.fromIterable(commands)
        .concatMap(command -> messageGateway.send(context, command))
        .then(find(context, id));
  }

  private static void requireScopes(RequestContext context, Class<?> command) {
    MessageAuthorizer.checkScopes(command, context.metadata());
    MessageAuthorizer.checkScopes(FindChat.class, context.metadata());
  }

  Mono<ChatMessageView> send(
      RequestContext context,
      ChatId id,
      ChatMessageRequest request,
      @Nullable Idempotency idempotency) {
    requireScopes(context, SendChatMessage.class);
    return messageGateway
        .offload(() -> Mono.just(toCommand(id, request, idempotency)))
        .flatMap(command -> messageGateway.<ChatMessageId>send(context, command))
        .flatMap(sent -> findMessage(context, id, sent));
  }

  Mono<ChatMessageView> cancel(
      RequestContext context, ChatId id, ChatMessageId message, @Nullable Idempotency idempotency) {
    requireScopes(context, CancelChatMessage.class);
    return messageGateway
        .send(context, new CancelChatMessage(id, message, clock.instant(), idempotency))
        .then(findMessage(context, id, message));
  }

  /** Sends a failed or cancelled message again, as a new one. */
  Mono<ChatMessageView> resend(
      RequestContext context, ChatId id, ChatMessageId message, @Nullable Idempotency idempotency) {
    requireScopes(context, SendChatMessage.class);
    return messageGateway
        .query(
            context,
            new FindUnsentChatMessage(context.tenant(), id, message),
            ChatMessageContent.class)
        .flatMap(
            content ->
                findFiles(context, id, message, content)
                    .map(files -> toCommand(id, message, content, files, idempotency)))
        .flatMap(command -> messageGateway.<ChatMessageId>send(context, command))
        .flatMap(sent -> findMessage(context, id, sent));
  }

  private Mono<List<SentFile>> findFiles(
      RequestContext context, ChatId id, ChatMessageId message, ChatMessageContent content) {
    return Flux.range(0, content.media().size())
        .concatMap(
            index ->
                messageGateway.query(
                    context,
                    new FindChatMedia(context.tenant(), id, message, index),
                    ChatMediaData.class))
        .map(media -> new SentFile(media.name(), media.mediaType(), media.data()))
        .collectList();
  }

  /** The id derives from that of the message, which is so sent again once only. */
  private SendChatMessage toCommand(
      ChatId id,
      ChatMessageId message,
      ChatMessageContent content,
      List<SentFile> files,
      @Nullable Idempotency idempotency) {
    return new SendChatMessage(
        id,
        new ChatMessageId(Ids.derived(ChatMessageId.PREFIX, "resend", message.value())),
        new ChatMessageContent(content.text(), "", List.of(), content.template()),
        files,
        clock.instant(),
        idempotency);
  }

  private SendChatMessage toCommand(
      ChatId id, ChatMessageRequest request, @Nullable Idempotency idempotency) {
    return new SendChatMessage(
        id,
        ChatMessageId.next(),
        request.toContent(),
        request.toFiles(),
        clock.instant(),
        idempotency);
  }

  Mono<Page<ChatMessageView>> listMessages(
      RequestContext context, ChatId id, boolean newestFirst, PageRequest page) {
    return messageGateway.queryPage(
        context, new ListChatMessages(context.tenant(), id, newestFirst, page));
  }

  Mono<ChatMessageView> findMessage(RequestContext context, ChatId id, ChatMessageId message) {
    return messageGateway.query(
        context, new FindChatMessage(context.tenant(), id, message), ChatMessageView.class);
  }

  Mono<Download> findMedia(RequestContext context, ChatId id, ChatMessageId message, int index) {
    return messageGateway
        .query(
            context, new FindChatMedia(context.tenant(), id, message, index), ChatMediaData.class)
        .flatMap(
            media -> messageGateway.offload(() -> Mono.just(toDownload(message, index, media))));
  }

  private static Download toDownload(ChatMessageId message, int index, ChatMediaData media) {
    return new Download(
        Base64.getDecoder().decode(media.data()),
        media.mediaType(),
        media.name().isEmpty() ? "file" : media.name(),
        message + "." + index); // The bytes never change.
  }

  /** Operation without a body. */
  enum ChatAction {
    TAKE_OVER(TakeOverChat::new),
    HAND_BACK(HandBackChat::new),
    CLOSE(CloseChat::new),
    REOPEN(ReopenChat::new);

    private final BiFunction<ChatId, @Nullable Idempotency, ChatCommand> command;

    ChatAction(BiFunction<ChatId, @Nullable Idempotency, ChatCommand> command) {
      this.command = command;
    }
  }

  Mono<ChatView> act(
      RequestContext context, ChatId id, ChatAction action, @Nullable Idempotency idempotency) {
    var command = action.command.apply(id, idempotency);
    requireScopes(context, command.getClass());
    return messageGateway.send(context, command).then(find(context, id));
  }

  /** Id of a chat that people have to answer. */
  record EscalatedResponse(ChatId id) {}

  /** Hands a chat to people; an agent does not see it any more. */
  Mono<EscalatedResponse> escalate(
      RequestContext context, ChatId id, String reason, @Nullable Idempotency idempotency) {
    return messageGateway
        .send(context, new EscalateChat(id, reason, idempotency))
        .thenReturn(new EscalatedResponse(id));
  }

  /** Hands the chat to people that the session of the calling agent answers. */
  Mono<EscalatedResponse> escalateOfSession(RequestContext context, String reason) {
    var session = Objects.requireNonNull(context.agentSession(), "the caller is no agent");
    return messageGateway
        .query(context.asSystem(), new FindSession(context.tenant(), session), SessionView.class)
        .flatMap(
            view ->
                view.origin() instanceof SessionOrigin.Chat chat
                    ? escalate(context, new ChatId(chat.chatId()), reason, null)
                    : Mono.error(new RejectionException(NotFound.of(session))));
  }

  Mono<ChatView> read(RequestContext context, ChatId id, ReadChatRequest request) {
    return messageGateway
        .send(context, new ReadChat(id, request.through()))
        .then(find(context, id));
  }

  Mono<ChatView> markUnread(RequestContext context, ChatId id) {
    return messageGateway.send(context, new MarkChatUnread(id)).then(find(context, id));
  }

  Mono<Page<ChatNoteView>> addNote(
      RequestContext context,
      ChatId id,
      AddChatNoteRequest request,
      @Nullable Idempotency idempotency) {
    requireScopes(context, AddChatNote.class);
    return messageGateway
        .send(context, new AddChatNote(id, ChatNoteId.next(), request.text(), idempotency))
        .then(listNotes(context, id, new PageRequest(1, null)));
  }

  Mono<Page<ChatNoteView>> listNotes(RequestContext context, ChatId id, PageRequest page) {
    return messageGateway.queryPage(context, new ListChatNotes(context.tenant(), id, page));
  }
}
