package io.agentledger.query.channel;

import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.channel.VisitorMessageView;
import io.agentledger.api.channel.VisitorQuery.FollowVisitorMessages;
import io.agentledger.api.channel.VisitorQuery.ListVisitorMessages;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.channel.ChatMessageRow;
import io.agentledger.projection.channel.ChatMessageRowRepository;
import io.agentledger.projection.channel.ChatRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import io.agentledger.store.event.LiveEventFeed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about what visitors of pages with the widget see of their chats. */
final class VisitorQueryHandler implements AutoCloseable {
  private static final String GROUP = "chat";
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final int PAGE_SIZE = 50;
  private static final long NO_EVENT = -1;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final ChatRowRepository chats;
  private final ChatMessageRowRepository messages;
  private final ReadModelAccess readModelAccess;
  private final ContentReader contentReader;
  private final CursorCodec cursorCodec;
  private final LiveEventFeed eventFeed;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** A plain executor: an interrupt of a cancelled read would close its database connection. */
  private final Scheduler scheduler = Schedulers.fromExecutor(threads::execute);

  VisitorQueryHandler(
      ChatRowRepository chats,
      ChatMessageRowRepository messages,
      ReadModelAccess readModelAccess,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      LiveEventFeed eventFeed) {
    this.chats = chats;
    this.messages = messages;
    this.readModelAccess = readModelAccess;
    this.contentReader = contentReader;
    this.cursorCodec = cursorCodec;
    this.eventFeed = eventFeed;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListVisitorMessages query) {
    var chat = query.chatId();
    String[] cursorScope = {"visitor_messages", chat.value()};
    long before =
        cursorCodec.decode(query.page(), cursorScope).map(Long::valueOf).orElse(Long.MAX_VALUE);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows =
        readModelAccess.read(
            GROUP,
            chat,
            chats::eventCountOf,
            () -> messages.visibleNewestFirst(chat.value(), before, limit));
    return cursorCodec
        .page(rows, query.page(), ChatMessageRow::visibleSequence, cursorScope)
        .map(row -> view(chat, row));
  }

  /** Reads pages on virtual threads, one at a time and on demand; a page follows each event. */
  @QueryHandler
  Flux<VisitorMessageView> follow(FollowVisitorMessages query) {
    return Flux.defer(
        () -> {
          var position = new AtomicLong(query.after());
          return changes(query.chatId())
              .concatMap(sequence -> readNew(query.chatId(), position, sequence), 1);
        });
  }

  /** Returns the sequence numbers of events that show messages; a slow reader gets the last one. */
  private Flux<Long> changes(ChatId chat) {
    return Flux.create(
        sink -> {
          var stop =
              eventFeed.listen(
                  chat.value(),
                  event -> {
                    if (isVisible(event)) sink.next(event.getSequenceNumber());
                  });
          sink.onDispose(stop::run);
          sink.next(NO_EVENT); // After the subscription, so that no event is missed.
        },
        OverflowStrategy.LATEST);
  }

  private static boolean isVisible(DomainEventMessage<?> event) {
    return event.getPayload() instanceof ChatMessageReceived
        || event.getPayload() instanceof ChatDeliveryChanged changed
            && changed.status() == MessageStatus.SENT;
  }

  private Flux<VisitorMessageView> readNew(ChatId chat, AtomicLong position, long sequence) {
    return Mono.fromCallable(() -> readPage(chat, position, sequence))
        .subscribeOn(scheduler)
        .repeat()
        .takeUntil(page -> page.size() < PAGE_SIZE)
        .concatMapIterable(page -> page, 1);
  }

  /** Fails if the read model does not contain the event, so that its message is not skipped. */
  private List<VisitorMessageView> readPage(ChatId chat, AtomicLong position, long sequence) {
    var rows =
        readModelAccess.read(
            GROUP,
            chat,
            chats::eventCountOf,
            () -> {
              if (chats.eventCountOf(chat.value()).orElse(0L) <= sequence)
                throw new RejectionException(new Busy(RETRY_AFTER));
              return messages.visibleOldestFirst(chat.value(), position.get(), Limit.of(PAGE_SIZE));
            });
    if (!rows.isEmpty()) position.set(rows.getLast().visibleSequence());
    return rows.stream().map(row -> view(chat, row)).toList();
  }

  private VisitorMessageView view(ChatId chat, ChatMessageRow row) {
    var text =
        contentReader
            .map(chat, row.content(), json -> JSON.readValue(json, ChatMessageContent.class).text())
            .orElse(ContentReader.UNAVAILABLE_TEXT);
    return new VisitorMessageView(
        new ChatMessageId(row.id()),
        row.visibleSequence(),
        row.senderType(),
        text,
        row.status(),
        row.at());
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
