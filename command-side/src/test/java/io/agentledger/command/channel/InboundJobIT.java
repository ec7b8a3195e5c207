package io.agentledger.command.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatCommand.ReceiveChatMessages;
import io.agentledger.api.channel.ChatCommand.ReceivedMessage;
import io.agentledger.api.channel.ChatContact;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.channel.outbound.ChatMessageReader;
import io.agentledger.command.channel.outbound.ScriptedPlatform;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.MediaContent;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.store.crypto.ChatIds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Recording of what platforms send, and fetching of files, on a real PostgreSQL. */
@Import(InboundJobIT.PlatformConfiguration.class)
class InboundJobIT extends CommandTestSupport {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Autowired private PlatformRequestReceiver receiver;
  @Autowired private ChannelLookupTable channels;
  @Autowired private ChatIds chatIds;
  @Autowired private ScriptedPlatform files;
  @Autowired private ChatMessageReader reader;

  private final ChannelId channel = ChannelId.next();

  @TestConfiguration
  static class PlatformConfiguration {
    @Bean
    ScriptedPlatform files() {
      return new ScriptedPlatform("files", Set.of());
    }
  }

  @BeforeEach
  void createChannel() {
    create(channel);
  }

  private void create(ChannelId id) {
    send(ChatFixture.create(ADA, id, "files", null, AgentBuffer.DEFAULT));
  }

  private void receive(ChannelId id, InboundItem... items) {
    var stored = channels.find(id).orElseThrow();
    assertThat(receiver.store(stored, List.of(items), Instant.now())).isEqualTo(items.length);
  }

  private static InboundMessage message(String contact, String id, String text, String... files) {
    var media = List.of(files).stream().map(file -> new MediaReference(file, "a", "")).toList();
    return new InboundMessage(id, contact, "Eve", text, media, "", Instant.now());
  }

  private ChatId chatOf(ChannelId id, String contact) {
    return chatIds.of(ADA.tenant(), id, contact);
  }

  private <E> List<E> events(ChatId chat, Class<E> type) {
    return store
        .readEvents(chat.value(), 0)
        .asStream()
        .map(event -> event.getPayload())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private <E> List<E> awaitEvents(ChatId chat, Class<E> type, int count) {
    return await().atMost(TIMEOUT).until(() -> events(chat, type), found -> found.size() >= count);
  }

  private static MediaResult file() {
    return new MediaResult.Fetched(new MediaContent("a.png", "image/png", new byte[] {1, 2, 3}));
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void slowFilesHoldNoMessageAndNoFileOfAnotherChannelBack() {
    var release = new CountDownLatch(1);
    files.serve(
        "slow",
        () -> {
          awaitLatch(release);
          return file();
        });
    var contacts = IntStream.range(0, 40).mapToObj(i -> "slow" + i).toList();
    try {
      for (var contact : contacts) receive(channel, message(contact, contact, "", "slow"));
      for (var contact : contacts)
        awaitEvents(chatOf(channel, contact), ChatMessageReceived.class, 1);
      receive(channel, message("slow0", "next", "of the same contact"));
      awaitEvents(chatOf(channel, "slow0"), ChatMessageReceived.class, 2);
      var other = ChannelId.next();
      create(other);
      files.serve("fast", InboundJobIT::file);
      receive(other, message("eve", "m1", "of another channel", "fast"));
      awaitEvents(chatOf(other, "eve"), ChatMessageReceived.class, 1);
      awaitEvents(chatOf(other, "eve"), ChatMediaStored.class, 1);
    } finally {
      release.countDown();
    }
    for (var contact : contacts) awaitEvents(chatOf(channel, contact), ChatMediaStored.class, 1);
  }

  /** Another node takes a job over if this one stands still, and then goes on. */
  @Test
  void aMessageThatANodeRecordsAgainIsRefused() {
    receive(channel, message("still", "m1", "once"));
    var chat = chatOf(channel, "still");
    awaitEvents(chat, ChatMessageReceived.class, 1);
    var content = ChatMessageContent.ofText("once");
    var again = new ReceivedMessage(ChatMessageId.of(channel, "m1"), "m1", content, Instant.now());
    var contact = new ChatContact("still", "Eve");
    assertThatThrownBy(() -> send(new ReceiveChatMessages(chat, channel, contact, List.of(again))))
        .hasStackTraceContaining("recorded the message already");
    assertThat(events(chat, ChatMessageReceived.class)).hasSize(1);
  }

  @Test
  void aFileIsFetchedAfterACrashAndStoredOnce() {
    var tries = new AtomicInteger();
    files.serve("first", InboundJobIT::file);
    files.serve(
        "second",
        () -> {
          if (tries.incrementAndGet() == 1)
            throw new AssertionError("the process ends while it fetches");
          return file();
        });
    receive(channel, message("eve", "m1", "two files", "first", "second"));
    var chat = chatOf(channel, "eve");
    awaitEvents(chat, ChatMediaStored.class, 2);
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                sql.sql(
                            """
                            select count(*) from inbound_chat_item
                            where channel_id = ? and status <> 'DONE'""")
                        .param(channel.value())
                        .query(Integer.class)
                        .single()
                    == 0);
    assertThat(events(chat, ChatMediaStored.class))
        .extracting(ChatMediaStored::index)
        .containsExactly(0, 1);
  }

  @Test
  void statusesOfUnknownMessagesHoldNoStatusOfAKnownOneBack() {
    var unknown =
        IntStream.range(0, 500)
            .mapToObj(i -> (InboundItem) delivered("unknown " + i))
            .toArray(InboundItem[]::new);
    receive(channel, unknown);
    receive(channel, message("eve", "m1", "hello"));
    var chat = chatOf(channel, "eve");
    awaitEvents(chat, ChatMessageReceived.class, 1);
    var release = new CountDownLatch(1);
    files.answer(
        "reported early",
        () -> {
          receive(channel, delivered("early"));
          awaitLatch(release);
          return new SendResult.Sent("early");
        });
    var message = ChatMessageId.next();
    send(ChatFixture.send(chat, message, "reported early"));
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> triesOf("status/DELIVERED/early").filter(tries -> tries > 0).isPresent());
    } finally {
      release.countDown();
    }
    var statuses = awaitEvents(chat, ChatDeliveryChanged.class, 2);
    assertThat(statuses.getLast().status()).isEqualTo(MessageStatus.DELIVERED);
  }

  @Test
  void namesAndTextsHaveNoControlCharactersAndAreCutBetweenCharacters() {
    var emoji = "\uD83D\uDE00";
    var named =
        new InboundMessage(
            "m1",
            "eve",
            "Eve\r\nAdmin\u0000\u001b[31m\u202E" + emoji.repeat(300),
            "a\r\nb\u0000\u001b[31m" + "x".repeat(19_992) + emoji,
            List.of(),
            "",
            Instant.now());
    receive(channel, named);
    var chat = chatOf(channel, "eve");
    var received = awaitEvents(chat, ChatMessageReceived.class, 1).getFirst();
    assertThat(reader.contact(chat).name())
        .isEqualTo("Eve Admin[31m" + emoji.repeat(241) + "…")
        .matches(name -> name.codePointCount(0, name.length()) == 255);
    assertThat(reader.open(received).text()).isEqualTo("a\nb[31m" + "x".repeat(19_992));
  }

  private static InboundStatus delivered(String id) {
    return new InboundStatus(id, DeliveryReport.DELIVERED, "", Instant.now());
  }

  private Optional<Integer> triesOf(String key) {
    return sql.sql("select tries from inbound_chat_item where channel_id = ? and item_key = ?")
        .params(channel.value(), key)
        .query(Integer.class)
        .optional();
  }

  @Test
  void unknownStatusesAreLookedUpLessAndLessOften() {
    receive(channel, delivered("unknown"));
    await()
        .atMost(TIMEOUT)
        .until(() -> triesOf("status/DELIVERED/unknown").filter(tries -> tries == 3).isPresent());
    var delay =
        sql.sql(
                """
                select extract(epoch from due_at - received_at) from inbound_chat_item
                where channel_id = ?""")
            .param(channel.value())
            .query(Double.class)
            .single();
    assertThat(delay).isBetween(14.0, 40.0);
  }

  @Test
  void anErrorOfAFileHoldsNoOtherFileBack() {
    files.serve(
        "broken",
        () -> {
          throw new IllegalStateException("an answer that cannot be read");
        });
    files.serve("good", InboundJobIT::file);
    receive(channel, message("eve", "m1", "", "broken"), message("eve", "m2", "", "good"));
    awaitEvents(chatOf(channel, "eve"), ChatMediaStored.class, 1);
  }
}
