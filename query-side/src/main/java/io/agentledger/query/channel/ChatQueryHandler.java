package io.agentledger.query.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatContact;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMediaData;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatMessageView;
import io.agentledger.api.channel.ChatMessageView.MediaStatus;
import io.agentledger.api.channel.ChatMessageView.MediaView;
import io.agentledger.api.channel.ChatMessageView.Waiting;
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
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.channel.OutboundMessages;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.ChannelRejection.MessageNotUnsent;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.channel.ChannelRowRepository;
import io.agentledger.projection.channel.ChatMessageRow;
import io.agentledger.projection.channel.ChatMessageRow.MediaFile;
import io.agentledger.projection.channel.ChatMessageRowRepository;
import io.agentledger.projection.channel.ChatNoteRow;
import io.agentledger.projection.channel.ChatNoteRowRepository;
import io.agentledger.projection.channel.ChatRow;
import io.agentledger.projection.channel.ChatRowRepository;
import io.agentledger.projection.channel.ChatRowRepository.ChatRowFilter;
import io.agentledger.projection.channel.ChatRowRepository.VisibleChat;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.crypto.ChatIds;
import io.agentledger.store.event.JsonMappers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about chats with contacts. */
record ChatQueryHandler(
    ChatRowRepository chats,
    ChannelRowRepository channels,
    ChatMessageRowRepository messages,
    ChatNoteRowRepository notes,
    ReadModelAccess readModelAccess,
    ContentReader contentReader,
    ChatTextSearch textSearch,
    ChatIds chatIds,
    CursorCodec cursorCodec,
    ObjectProvider<OutboundMessages> outbound) {
  static final String GROUP = "chat";
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final ChatMessageContent UNAVAILABLE =
      ChatMessageContent.ofText(ContentReader.UNAVAILABLE_TEXT);

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListChats query, Caller caller) {
    readModelAccess.await(GROUP, query.page());
    var viewer = ChannelQueryHandler.viewer(caller);
    var filter = toRowFilter(query.tenant(), query.filter(), viewer.user());
    var text = query.filter().text();
    String[] cursorScope = {"chats", viewer.toString(), filter.toString(), text(text)};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    if (text != null) {
      var found =
          textSearch.search(
              text,
              query.page().limit(),
              after,
              (position, max) -> chats.page(viewer, filter, position.at(), position.id(), max));
      var next = found.next();
      return new Page<>(
              found.chats(), next == null ? null : cursorCodec.encode(next.toString(), cursorScope))
          .map(this::view);
    }
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows = chats.page(viewer, filter, after.at(), after.id(), limit);
    return cursorCodec
        .page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.getChat().lastMessageAt(), row.getChat().id()),
            cursorScope)
        .map(this::view);
  }

  /** The id of a chat derives from its contact, so a contact is found without its address. */
  private ChatRowFilter toRowFilter(TenantId tenant, ChatFilter filter, String caller) {
    var contact = filter.contact();
    var assignee = filter.assignee();
    var contacts = new ArrayList<String>();
    if (contact != null)
      for (var channel :
          filter.channelId() != null
              ? List.of(filter.channelId().value())
              : channels.idsOf(tenant.value()))
        contacts.add(chatIds.of(tenant, new ChannelId(channel), contact).value());
    return new ChatRowFilter(
        text(filter.channelId()),
        contacts.isEmpty() ? List.of("") : contacts,
        contact == null,
        ChatFilter.ME.equals(assignee)
            ? caller
            : ChatFilter.NOBODY.equals(assignee) ? "" : text(assignee),
        assignee == null,
        text(filter.lastSender()),
        !Boolean.TRUE.equals(filter.unread()),
        !Boolean.FALSE.equals(filter.unread()),
        text(filter.status()),
        text(filter.agentState()),
        filter.label() == null ? "" : "\n" + filter.label() + "\n");
  }

  private static String text(@Nullable Object value) {
    return Objects.toString(value, "");
  }

  @QueryHandler
  ChatView find(FindChat query, Caller caller) {
    return view(find(query.chatId(), caller));
  }

  private VisibleChat find(ChatId id, Caller caller) {
    return readModelAccess
        .read(
            GROUP,
            id,
            chats::eventCountOf,
            () -> chats.find(ChannelQueryHandler.viewer(caller), id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListChatMessages query, Caller caller) {
    var id = query.chatId();
    find(id, caller);
    boolean newestFirst = query.newestFirst();
    String[] cursorScope = {"chat_messages", id.value(), String.valueOf(newestFirst)};
    var position = cursorCodec.decode(query.page(), cursorScope).map(Long::valueOf);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows =
        newestFirst
            ? messages.newestFirst(id.value(), position.orElse(Long.MAX_VALUE), limit)
            : messages.oldestFirst(id.value(), position.orElse(0L), limit);
    var waiting = findWaiting(id, rows);
    return cursorCodec
        .page(rows, query.page(), ChatMessageRow::number, cursorScope)
        .map(row -> view(id, row, waiting.get(new ChatMessageId(row.id())), false));
  }

  @QueryHandler
  ChatMessageView find(FindChatMessage query, Caller caller) {
    find(query.chatId(), caller);
    var row = find(query.chatId(), query.messageId());
    var waiting = findWaiting(query.chatId(), List.of(row)).get(query.messageId());
    return view(query.chatId(), row, waiting, true);
  }

  private Map<ChatMessageId, Waiting> findWaiting(ChatId chat, List<ChatMessageRow> rows) {
    var pending =
        rows.stream()
            .filter(row -> row.status() == MessageStatus.PENDING)
            .map(row -> new ChatMessageId(row.id()))
            .toList();
    var outboundMessages = outbound.getIfAvailable();
    return pending.isEmpty() || outboundMessages == null
        ? Map.of()
        : outboundMessages.findWaiting(chat, pending);
  }

  @QueryHandler
  ChatMessageContent find(FindUnsentChatMessage query, Caller caller) {
    find(query.chatId(), caller);
    var row = find(query.chatId(), query.messageId());
    if (!row.status().isUnsent())
      throw new RejectionException(
          new MessageNotUnsent(
              row.chatId(), row.id(), row.status().name().toLowerCase(Locale.ROOT)));
    return contentReader
        .map(query.chatId(), row.content(), text -> JSON.readValue(text, ChatMessageContent.class))
        .orElseThrow(() -> new RejectionException(NotFound.of(query.messageId())));
  }

  private ChatMessageRow find(ChatId chat, ChatMessageId id) {
    return messages
        .find(chat.value(), id.value())
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  @QueryHandler
  ChatMediaData find(FindChatMedia query, Caller caller) {
    find(query.chatId(), caller);
    var row = find(query.chatId(), query.messageId());
    var file =
        row.media().stream()
            .filter(known -> known.index() == query.index() && known.data() != null)
            .findFirst()
            .orElseThrow(
                () ->
                    new RejectionException(
                        new NotFound("chat_media", query.messageId() + "." + query.index())));
    var name = content(query.chatId(), row.content()).media().get(query.index()).name();
    var data =
        contentReader
            .map(query.chatId(), file.data(), text -> text)
            .orElseThrow(
                () ->
                    new RejectionException(
                        new NotFound("chat_media", query.messageId() + "." + query.index())));
    return new ChatMediaData(name, file.mediaType(), data);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListChatNotes query, Caller caller) {
    var id = query.chatId();
    find(id, caller);
    String[] cursorScope = {"chat_notes", id.value()};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows = notes.page(id.value(), after.at(), after.id(), limit);
    return cursorCodec
        .page(rows, query.page(), row -> new NewestFirstPosition(row.at(), row.id()), cursorScope)
        .map(row -> view(id, row));
  }

  private ChatNoteView view(ChatId chat, ChatNoteRow row) {
    return new ChatNoteView(
        new ChatNoteId(row.id()),
        user(row.author()),
        Objects.requireNonNullElse(contentReader.text(chat, row.text()), ""),
        row.at());
  }

  private ChatMessageContent content(ChatId chat, @Nullable SealedContent sealed) {
    return contentReader
        .map(chat, sealed, text -> JSON.readValue(text, ChatMessageContent.class))
        .orElse(UNAVAILABLE);
  }

  private ChatMessageView view(
      ChatId chat, ChatMessageRow row, @Nullable Waiting waiting, boolean isDetailed) {
    var content = content(chat, row.content());
    var media = new ArrayList<MediaView>();
    for (int i = 0; i < content.media().size(); i++)
      media.add(view(i, content.media().get(i), row.media()));
    return new ChatMessageView(
        new ChatMessageId(row.id()),
        chat,
        row.number(),
        row.senderType(),
        row.senderId().isEmpty() ? null : row.senderId(),
        content.text(),
        content.unsupported(),
        media,
        content.template(),
        row.status(),
        row.failure(),
        waiting,
        isDetailed ? row.deliveries() : null,
        row.at());
  }

  private static MediaView view(
      int index, ChatMessageContent.Media declared, List<MediaFile> fetched) {
    for (var file : fetched)
      if (file.index() == index)
        return file.data() == null
            ? new MediaView(
                index,
                declared.name(),
                MediaStatus.REFUSED,
                declared.declaredType(),
                0,
                file.reason())
            : new MediaView(
                index,
                declared.name(),
                MediaStatus.STORED,
                file.mediaType(),
                file.sizeBytes(),
                null);
    return new MediaView(
        index, declared.name(), MediaStatus.PENDING, declared.declaredType(), 0, null);
  }

  private ChatView view(VisibleChat visible) {
    var row = visible.getChat();
    var id = new ChatId(row.id());
    var contact =
        contact(contentReader, row).orElse(new ChatContact(ContentReader.UNAVAILABLE_TEXT, ""));
    return new ChatView(
        id,
        new ChannelId(row.channelId()),
        channels.platformOf(row.channelId()).orElse(""),
        contact.address(),
        contact.name(),
        row.status(),
        user(row.assignee()),
        row.agentState(),
        user(row.takenOverBy()),
        contentReader.text(id, row.escalation()),
        row.sessionId().isEmpty() ? null : new SessionId(row.sessionId()),
        row.labels(),
        row.messages(),
        visible.getUnread(),
        row.lastSender(),
        preview(content(id, row.lastContent())),
        row.lastMessageAt(),
        row.createdAt());
  }

  static Optional<ChatContact> contact(ContentReader contentReader, ChatRow row) {
    return contentReader.map(
        new ChatId(row.id()), row.contact(), text -> JSON.readValue(text, ChatContact.class));
  }

  private static @Nullable UserId user(String id) {
    return id.isEmpty() ? null : new UserId(id);
  }

  static String preview(ChatMessageContent content) {
    return preview(content.text());
  }

  static String preview(String text) {
    if (text.length() <= ChatView.PREVIEW_LENGTH_MAX) return text;
    int end = text.offsetByCodePoints(0, text.codePointCount(0, ChatView.PREVIEW_LENGTH_MAX) - 1);
    return text.substring(0, end) + "…";
  }
}
