package io.agentledger.query.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelEvent.ChannelCreated;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatContact;
import io.agentledger.api.channel.ChatEvent.ChatAssigned;
import io.agentledger.api.channel.ChatEvent.ChatLabelsChanged;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatQuery.ChatFilter;
import io.agentledger.api.channel.ChatQuery.ListChats;
import io.agentledger.api.channel.ChatView;
import io.agentledger.api.channel.OutboundMessages;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.projection.channel.ChannelRowRepository;
import io.agentledger.projection.channel.ChatMessageRowRepository;
import io.agentledger.projection.channel.ChatNoteRowRepository;
import io.agentledger.projection.channel.ChatRowRepository;
import io.agentledger.query.QueryTestSupport;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.crypto.ChatIds;
import io.agentledger.store.event.JsonMappers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** Tests the filters of lists of chats, above all by texts that are sealed. */
class ChatTextSearchIT extends QueryTestSupport {
  private static final Caller BOB = callerOf(TENANT);

  @Autowired private ChatRowRepository chats;
  @Autowired private ChannelRowRepository channels;
  @Autowired private ChatMessageRowRepository messages;
  @Autowired private ChatNoteRowRepository notes;
  @Autowired private ReadModelAccess readModelAccess;
  @Autowired private ContentReader contentReader;
  @Autowired private ChatIds chatIds;
  @Autowired private CursorCodec cursorCodec;

  private final Map<String, Long> numbers = new HashMap<>();
  private final ChannelId channel = ChannelId.next();
  private Instant now = Instant.now();

  private static Caller callerOf(TenantId tenant) {
    return Caller.ofUser(tenant, UserId.next(), CredentialId.next(), Role.MEMBER);
  }

  private Content seal(Id subject, Class<?> event, String field, Object value) {
    return sealer.seal(subject, event, field, JsonMappers.mapper().writeValueAsString(value));
  }

  private void append(String type, Id id, Object event) {
    long number = numbers.merge(id.value(), 0L, (last, first) -> last + 1);
    now = now.plusMillis(1); // Chats are listed by times.
    append(
        List.of(
            new GenericDomainEventMessage<>(
                type, id.value(), number, new GenericMessage<>(event, provenance()), now)));
  }

  private void openChannel() {
    var properties =
        new ChannelProperties(
            "channel " + channel,
            "http",
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            ExecutionPrincipal.of(BOB));
    var definition = new ChannelDefinition(null, Map.of(), null, null, AgentBuffer.DEFAULT, false);
    append(
        "Channel",
        channel,
        new ChannelCreated(
            channel,
            BOB.user(),
            properties,
            seal(channel, ChannelCreated.class, "definition", definition)));
  }

  private ChatId chat(String contactName, String... texts) {
    if (!numbers.containsKey(channel.value())) openChannel();
    var id = new ChatId(Ids.random(ChatId.PREFIX));
    var contact = new ChatContact("+" + Ids.random("1"), contactName);
    append(
        "Chat",
        id,
        new ChatOpened(
            id,
            channel,
            seal(id, ChatOpened.class, "contact", contact),
            List.of(),
            ChatAgentState.INACTIVE));
    for (int i = 0; i < texts.length; i++) {
      var platformId = Ids.random("m");
      append(
          "Chat",
          id,
          new ChatMessageReceived(
              id,
              channel,
              ChatMessageId.of(channel, platformId),
              i + 1,
              platformId,
              seal(id, ChatMessageReceived.class, "content", ChatMessageContent.ofText(texts[i])),
              0,
              now));
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> chats.eventCountOf(id.value()).orElse(0L) == numbers.get(id.value()) + 1);
    return id;
  }

  private static ChatFilter text(String text) {
    return filter(null, null, text);
  }

  private static ChatFilter filter(
      @Nullable String assignee, @Nullable String label, @Nullable String text) {
    return new ChatFilter(null, null, assignee, null, null, null, null, label, text);
  }

  @SuppressWarnings("unchecked")
  private Page<ChatView> page(ChatFilter filter, Caller caller, PageRequest page) {
    return query(new ListChats(caller.tenant(), filter, page), caller, Page.class);
  }

  private List<ChatId> find(ChatFilter filter, Caller caller) {
    var page = page(filter, caller, first(50));
    assertThat(page.nextCursor()).isNull();
    return page.items().stream().map(ChatView::id).toList();
  }

  @Test
  void contactsAndOldMessagesAreFoundByAPartOfTheirText() {
    var texts = new ArrayList<String>();
    texts.add("too old to be searched");
    texts.add("Where is my ORDER-4711?");
    while (texts.size() < ChatTextSearch.MESSAGES_MAX + 1) texts.add("Hello?");
    var old = chat("Eve", texts.toArray(String[]::new));
    var named = chat("Mallory Order-4711 Ltd.", "Hi");
    assertThat(find(text("order-4711"), BOB)).containsExactly(named, old);
    assertThat(find(text("my order"), BOB)).containsExactly(old);
    assertThat(find(text("too old"), BOB)).isEmpty();
    var address = page(text("order-4711 ltd"), BOB, first(1)).items().getFirst().contactAddress();
    assertThat(find(text(address.substring(0, address.length() - 1)), BOB)).contains(named);
  }

  @Test
  void caseAccentsWidthAndInvisibleCharactersDoNotMatter() {
    var chat = chat("Zoë Großmann", "Ｃａｆé Ω ΟΔΟΣ na\u00adïve", "e\u0301t\u00e9");
    for (var text :
        List.of("ZOE", "zoë", "grossmann", "cafe", "CAFÉ", "οδος", "naive", "Été", "ω οδ"))
      assertThat(find(text(text), BOB)).as(text).contains(chat);
    assertThat(find(text("\u00ad"), BOB)).isEmpty();
  }

  @Test
  void chatsOfOthersAreNeverFound() {
    var chat = chat("Eve", "marmalade of plums");
    assertThat(find(text("marmalade of"), BOB)).containsExactly(chat);
    assertThat(find(text("marmalade of"), callerOf(TENANT))).isEmpty();
    assertThat(find(text("marmalade of"), callerOf(TenantId.next()))).isEmpty();
    var admin = Caller.localOwner(TENANT, UserId.next(), CredentialId.next());
    assertThat(find(text("marmalade of"), admin)).containsExactly(chat);
    var foreign = Caller.localOwner(TenantId.next(), UserId.next(), CredentialId.next());
    assertThat(find(text("marmalade of"), foreign)).isEmpty();
  }

  @Test
  void pagesContinueWhereTheLastOneEnded() {
    var expected = new ArrayList<ChatId>();
    for (int i = 0; i < 7; i++) {
      var chat = chat("Eve", i % 2 == 0 ? "pagination" : "nothing");
      if (i % 2 == 0) expected.addFirst(chat);
    }
    assertThat(walk(text("PAGINATION"), 2, ChatTextSearch.CHATS_MAX)).isEqualTo(expected);
    assertThat(walk(text("PAGINATION"), 50, 1)).isEqualTo(expected);
    assertThat(walk(text("PAGINATION"), 2, 3)).isEqualTo(expected);
    var cursor = page(text("PAGINATION"), BOB, first(2)).nextCursor();
    assertThatThrownBy(() -> page(text("other"), BOB, new PageRequest(2, cursor)))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isInstanceOf(Rejection.InvalidCursor.class));
  }

  /** Returns the chats of all pages of requests that examine few chats each. */
  private List<ChatId> walk(ChatFilter filter, int limit, int chatsMax) {
    var handler =
        new ChatQueryHandler(
            chats,
            channels,
            messages,
            notes,
            readModelAccess,
            contentReader,
            new ChatTextSearch(messages, contentReader, chatsMax),
            chatIds,
            cursorCodec,
            new StaticListableBeanFactory().getBeanProvider(OutboundMessages.class));
    var found = new ArrayList<ChatId>();
    @Nullable String cursor = null;
    do {
      @SuppressWarnings("unchecked")
      Page<ChatView> page =
          handler.list(new ListChats(TENANT, filter, new PageRequest(limit, cursor)), BOB);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(Math.min(limit, chatsMax));
      page.items().forEach(chat -> found.add(chat.id()));
      cursor = page.nextCursor();
    } while (cursor != null);
    return found;
  }

  @Test
  void searchBeyondThoseInProgressIsRejectedAfterItHasWaited() throws Exception {
    var search = new ChatTextSearch(messages, contentReader, 1);
    var started = new CountDownLatch(ChatTextSearch.SEARCHES_MAX);
    var ended = new CountDownLatch(1);
    var after = new NewestFirstPosition(now, "");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < ChatTextSearch.SEARCHES_MAX; i++)
        threads.submit(
            () ->
                search.search(
                    "text",
                    1,
                    after,
                    (position, max) -> {
                      started.countDown();
                      awaitUninterruptibly(ended);
                      return List.of();
                    }));
      started.await();
      assertThatThrownBy(() -> search.search("text", 1, after, (position, max) -> List.of()))
          .isInstanceOfSatisfying(
              RejectionException.class,
              e -> assertThat(e.rejection()).isInstanceOf(Rejection.Busy.class));
      ended.countDown();
    }
    assertThat(search.search("text", 1, after, (position, max) -> List.of()).next()).isNull();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void assigneesAndLabelsRestrictToo() {
    var mine = chat("Eve", "rhubarb");
    append("Chat", mine, new ChatAssigned(mine, List.of(BOB.user())));
    append("Chat", mine, new ChatLabelsChanged(mine, List.of("Größe XL", "vip")));
    var others = chat("Eve", "rhubarb");
    append("Chat", others, new ChatAssigned(others, List.of(UserId.next())));
    var nobodys = chat("Eve", "rhubarb");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> chats.eventCountOf(others.value()).orElse(0L) == 3);
    assertThat(find(filter(ChatFilter.ME, null, "rhubarb"), BOB)).containsExactly(mine);
    assertThat(find(filter(BOB.user().value(), null, "rhubarb"), BOB)).containsExactly(mine);
    assertThat(find(filter(ChatFilter.NOBODY, null, "rhubarb"), BOB)).containsExactly(nobodys);
    assertThat(find(filter(null, null, "rhubarb"), BOB)).containsExactly(nobodys, others, mine);
    assertThat(find(filter(null, "GRÖSSE XL", null), BOB)).isEmpty(); // Letters, not sounds.
    assertThat(find(filter(null, "GRÖßE xl", null), BOB)).containsExactly(mine);
    assertThat(find(filter(null, "XL", null), BOB)).isEmpty();
  }
}
