package io.agentledger.query.channel;

import io.agentledger.api.channel.ChatContact;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.channel.ChatMessageRowRepository;
import io.agentledger.projection.channel.ChatMessageRowRepository.ChatContent;
import io.agentledger.projection.channel.ChatRowRepository.VisibleChat;
import io.agentledger.projection.session.search.SearchAnalyzer;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.store.event.JsonMappers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds chats by a part of their contact or of their messages. Both are sealed, so chats are
 * decrypted one after the other, those with the latest messages first. A request ends when its page
 * is full, or after {@link #CHATS_MAX} chats or {@link #TIME_MAX}; the next page continues there.
 * Thread-safe.
 */
final class ChatTextSearch {
  /** Chats that one request examines. */
  static final int CHATS_MAX = 2_000;

  /** Messages of a chat that are examined, the newest ones. */
  static final int MESSAGES_MAX = 200;

  private static final Duration TIME_MAX = Duration.ofSeconds(2);

  /** Chats that one statement lists. */
  private static final int STEP = 100;

  /** Chats whose messages one statement reads: a message may have 20,000 characters. */
  private static final int CHATS_READ = 10;

  /** Searches in progress on this node; others wait for as long as one may take. */
  static final int SEARCHES_MAX = 4;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final JsonMapper JSON = JsonMappers.mapper();

  private final ChatMessageRowRepository messages;
  private final ContentReader contentReader;
  private final int chatsMax;
  private final Semaphore searches = new Semaphore(SEARCHES_MAX, true);

  /**
   * Creates the search.
   *
   * @param chatsMax maximum number of chats that one request examines
   */
  ChatTextSearch(ChatMessageRowRepository messages, ContentReader contentReader, int chatsMax) {
    this.messages = messages;
    this.contentReader = contentReader;
    this.chatsMax = chatsMax;
  }

  /** Lists the chats that may be found, those with the latest messages first. */
  interface ChatLister {
    List<VisibleChat> list(NewestFirstPosition after, Limit max);
  }

  /**
   * Chats that were found.
   *
   * @param next position at which the next page continues; null if there is none
   */
  record Result(List<VisibleChat> chats, @Nullable NewestFirstPosition next) {}

  /**
   * Finds chats after a position.
   *
   * @param limit maximum number of chats
   */
  Result search(String text, int limit, NewestFirstPosition after, ChatLister lister) {
    var folded = SearchAnalyzer.fold(text);
    if (folded.isEmpty()) return new Result(List.of(), null);
    if (!acquire()) throw new RejectionException(new Busy(RETRY_AFTER));
    try {
      return scan(folded, limit, after, lister);
    } finally {
      searches.release();
    }
  }

  private boolean acquire() {
    try {
      return searches.tryAcquire(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Result scan(String text, int limit, NewestFirstPosition after, ChatLister lister) {
    long began = System.nanoTime();
    var found = new ArrayList<VisibleChat>();
    var position = after;
    for (int examined = 0; examined < chatsMax; examined += STEP) {
      int step = Math.min(STEP, chatsMax - examined);
      var from = position;
      var chats = lister.list(from, Limit.of(step));
      for (int start = 0; start < chats.size(); start += CHATS_READ) {
        var part = chats.subList(start, Math.min(start + CHATS_READ, chats.size()));
        var matching = findMatching(text, part);
        for (var chat : part) {
          if (found.size() == limit) return new Result(found, position);
          var row = chat.getChat();
          if (matching.contains(row.id())) found.add(chat);
          position = new NewestFirstPosition(row.lastMessageAt(), row.id());
        }
        if (System.nanoTime() - began > TIME_MAX.toNanos()) return new Result(found, position);
      }
      if (chats.size() < step) return new Result(found, null);
    }
    return new Result(found, position);
  }

  /** Returns the ids of the chats that contain the text. */
  private Set<String> findMatching(String text, List<VisibleChat> chats) {
    contentReader.prepare(chats.stream().map(chat -> new ChatId(chat.getChat().id())).toList());
    var matching = new HashSet<String>();
    var others = new ArrayList<String>();
    for (var chat : chats) {
      var row = chat.getChat();
      var contact = ChatQueryHandler.contact(contentReader, row);
      if (contact.filter(known -> matches(text, known)).isPresent()) matching.add(row.id());
      else others.add(row.id());
    }
    if (others.isEmpty()) return matching;
    for (var message : messages.lastContents(others, MESSAGES_MAX))
      if (!matching.contains(message.getChat()) && matches(text, message))
        matching.add(message.getChat());
    return matching;
  }

  private static boolean matches(String text, ChatContact contact) {
    return contains(contact.name(), text) || contains(contact.address(), text);
  }

  private boolean matches(String text, ChatContent message) {
    return contentReader
        .map(
            new ChatId(message.getChat()),
            message.getContent(),
            json -> JSON.readValue(json, ChatMessageContent.class).text())
        .filter(content -> contains(content, text))
        .isPresent();
  }

  private static boolean contains(String content, String folded) {
    return SearchAnalyzer.fold(content).contains(folded);
  }
}
