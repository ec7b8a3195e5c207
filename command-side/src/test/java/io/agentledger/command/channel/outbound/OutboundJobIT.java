package io.agentledger.command.channel.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelCommand.ArchiveChannel;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelCommand.CreateChannel;
import io.agentledger.api.channel.ChannelCommand.PauseChannel;
import io.agentledger.api.channel.ChannelCommand.ResumeChannel;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatCommand.CancelChatMessage;
import io.agentledger.api.channel.ChatCommand.SentFile;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatMessageView.Waiting;
import io.agentledger.api.channel.ChatMessageView.WaitingReason;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.shared.ChannelRejection.MessageBeingSent;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.channel.ChatFixture;
import io.agentledger.command.channel.outbound.OutboundTable.PendingMessage;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.OutcomeUnknown;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Sending of chats' messages by the jobs of a node, on a real PostgreSQL. */
@Import(OutboundJobIT.PlatformsConfiguration.class)
class OutboundJobIT extends CommandTestSupport {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Autowired private OutboundTable outbound;
  @Autowired private ScriptedPlatform onceOnly;
  @Autowired private ScriptedPlatform idempotent;
  @Autowired private ScriptedPlatform slow;
  @Autowired private ScriptedPlatform media;

  private final ChannelId channel = ChannelId.next();
  private final ChatId chat = ChatFixture.newChat();

  @TestConfiguration
  static class PlatformsConfiguration {
    @Bean
    ScriptedPlatform onceOnly() {
      return new ScriptedPlatform("once_only", Set.of());
    }

    @Bean
    ScriptedPlatform media() {
      return new ScriptedPlatform("media", Set.of(Capability.MEDIA));
    }

    @Bean
    ScriptedPlatform slow() {
      return new ScriptedPlatform("slow", Set.of(), 100, Duration.ofSeconds(2));
    }

    @Bean
    ScriptedPlatform idempotent() {
      return new ScriptedPlatform("idempotent", Set.of(Capability.IDEMPOTENT_SEND));
    }
  }

  private void open(ScriptedPlatform platform) {
    send(
        ChatFixture.create(ADA, channel, platform.description().name(), null, AgentBuffer.DEFAULT));
    send(ChatFixture.receive(channel, chat, "hello"));
  }

  private ChatMessageId sendText(String text) {
    var id = ChatMessageId.next();
    send(ChatFixture.send(chat, id, text));
    return id;
  }

  private List<ChatDeliveryChanged> deliveries(ChatMessageId message) {
    return store
        .readEvents(chat.value(), 0)
        .asStream()
        .map(event -> event.getPayload())
        .filter(ChatDeliveryChanged.class::isInstance)
        .map(ChatDeliveryChanged.class::cast)
        .filter(event -> event.messageId().equals(message))
        .toList();
  }

  private ChatDeliveryChanged awaitDelivery(ChatMessageId message) {
    await().atMost(TIMEOUT).until(() -> !deliveries(message).isEmpty());
    assertThat(deliveries(message)).hasSize(1);
    return deliveries(message).getFirst();
  }

  private void awaitTries(ChatMessageId message, int tries) {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                sql.sql("select tries from chat_outbound_message where message_id = ?")
                    .param(message.value())
                    .query(Integer.class)
                    .optional()
                    .filter(found -> found >= tries)
                    .isPresent());
  }

  /** Moves what waits into the past, as if the time had passed. */
  private void letPass(Duration time) {
    sql.sql(
            """
            update chat_outbound_message set
              due_at = due_at - make_interval(secs => ?),
              first_try_at = first_try_at - make_interval(secs => ?)
            where chat_id = ?""")
        .params(time.toSeconds(), time.toSeconds(), chat.value())
        .update();
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                sql.sql(
                            """
                            update chat_outbound_job set execution_time = now()
                            where task_instance = ? and not picked""")
                        .param(chat.value())
                        .update()
                    == 1);
  }

  private static Supplier<SendResult> crash() {
    return () -> {
      throw new AssertionError("the process ends after the request");
    };
  }

  @Test
  void messagesAndTheirPartsAreSentInOrderWithTheIdsOfThePlatform() {
    open(onceOnly);
    var first = sendText("a1\na2");
    var second = sendText("b");
    var sent = awaitDelivery(first);
    assertThat(sent.status()).isEqualTo(MessageStatus.SENT);
    assertThat(sent.platformMessageIds()).containsExactly("sent a1", "sent a2");
    assertThat(awaitDelivery(second).platformMessageIds()).containsExactly("sent b");
    assertThat(onceOnly.texts()).containsSubsequence("a1", "a2", "b");
    assertThat(
            sql.sql("select count(*) from chat_outbound_message where chat_id = ?")
                .param(chat.value())
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Test
  void filesFollowTheTextWithTheTypeOfTheirBytes() {
    open(media);
    var id = ChatMessageId.next();
    var picture = Base64.getEncoder().encodeToString(HexFormat.of().parseHex("89504e470d0a1a0a00"));
    var files =
        List.of(new SentFile("menu.png", "image/png", picture), new SentFile("2", "", picture));
    send(ChatFixture.send(chat, id, "our menu", files));
    assertThat(awaitDelivery(id).platformMessageIds()).hasSize(3);
    assertThat(media.texts()).containsExactly("our menu", "image/png menu.png 9", "image/png 2 9");
  }

  @Test
  void aCrashBetweenARequestAndItsResultFailsTheMessageAndTheNextIsSent() {
    open(onceOnly);
    onceOnly.answer("crashed", crash());
    var crashed = sendText("crashed");
    var next = sendText("after the crash");
    var failure = awaitDelivery(crashed);
    assertThat(failure.status()).isEqualTo(MessageStatus.FAILED);
    assertThat(failure.failure()).startsWith("outcome_unknown: ");
    assertThat(awaitDelivery(next).status()).isEqualTo(MessageStatus.SENT);
    assertThat(onceOnly.texts()).containsOnlyOnce("crashed");
  }

  @Test
  void aRequestWithoutAResultIsRepeatedWithTheSameIdIfThePlatformDropsRepetitions() {
    open(idempotent);
    idempotent.answer("repeated", crash());
    idempotent.answer("repeated", () -> new OutcomeUnknown("The platform did not respond."));
    var message = sendText("repeated");
    awaitTries(message, 1);
    letPass(Duration.ofMinutes(1));
    assertThat(awaitDelivery(message).status()).isEqualTo(MessageStatus.SENT);
    assertThat(idempotent.partIds().stream().filter(id -> id.startsWith(message.value())))
        .hasSize(3)
        .containsOnly(message + ".0");
  }

  @Test
  void anUnknownOutcomeIsNotRepeated() {
    open(onceOnly);
    onceOnly.answer("unknown", () -> new OutcomeUnknown("The platform did not respond in time."));
    assertThat(awaitDelivery(sendText("unknown")).failure())
        .startsWith("outcome_unknown: The platform did not respond in time.");
    assertThat(onceOnly.texts()).containsOnlyOnce("unknown");
  }

  @Test
  void aMessageOfWhichPartsWereSentContinuesWithTheNextPartAfterAnHour() {
    open(onceOnly);
    for (int i = 0; i < 2; i++)
      onceOnly.answer("p2", () -> new Unavailable("The platform cannot be reached."));
    var message = sendText("p1\np2\np3");
    var next = sendText("behind");
    awaitTries(message, 1);
    letPass(Duration.ofMinutes(1));
    awaitTries(message, 2);
    letPass(Duration.ofHours(1));
    assertThat(awaitDelivery(message).platformMessageIds())
        .containsExactly("sent p1", "sent p2", "sent p3");
    assertThat(awaitDelivery(next).status()).isEqualTo(MessageStatus.SENT);
    assertThat(onceOnly.texts()).containsSubsequence("p1", "p2", "p2", "p2", "p3", "behind");
    assertThat(onceOnly.texts()).containsOnlyOnce("p1");
  }

  private Optional<Waiting> waiting(ChatMessageId message) {
    return Optional.ofNullable(outbound.findWaiting(chat, List.of(message)).get(message));
  }

  private void cancel(ChatMessageId message) {
    send(new CancelChatMessage(chat, message, Instant.now(), null));
  }

  private boolean isRefused(ChatMessageId message) {
    try {
      cancel(message);
      return false;
    } catch (RejectionException e) {
      return e.rejection() instanceof MessageBeingSent;
    }
  }

  @Test
  void aMessageThatWaitsForAnotherTryNamesTheReasonAndIsCancelled() {
    open(onceOnly);
    onceOnly.answer("first", () -> new Unavailable("The platform cannot be reached."));
    var first = sendText("first");
    var second = sendText("second");
    awaitTries(first, 1);
    var reason = waiting(first).orElseThrow();
    assertThat(reason.reason()).isEqualTo(WaitingReason.RETRY);
    assertThat(reason.failure()).isEqualTo("unavailable: The platform cannot be reached.");
    assertThat(reason.tries()).isEqualTo(1);
    assertThat(reason.nextTryAt()).isAfter(Instant.now());
    assertThat(waiting(second).orElseThrow().reason()).isEqualTo(WaitingReason.PREVIOUS_MESSAGE);

    cancel(first);
    cancel(first);
    assertThat(awaitDelivery(first).status()).isEqualTo(MessageStatus.CANCELLED);
    assertThat(awaitDelivery(second).status()).isEqualTo(MessageStatus.SENT);
    assertThat(waiting(first)).isEmpty();
    assertThat(onceOnly.texts()).containsOnlyOnce("first");
  }

  @Test
  void aMessageWhoseRequestHasBegunIsNotCancelled() throws InterruptedException {
    open(onceOnly);
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    onceOnly.answer(
        "in progress",
        () -> {
          begun.countDown();
          awaitUninterruptibly(end);
          return new Unavailable("The platform cannot be reached.");
        });
    var message = sendText("in progress");
    begun.await();
    assertThat(isRefused(message)).isTrue();
    assertThat(waiting(message).orElseThrow().reason()).isEqualTo(WaitingReason.SENDING);
    end.countDown();
    awaitTries(message, 1);
    cancel(message);
    assertThat(awaitDelivery(message).status()).isEqualTo(MessageStatus.CANCELLED);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aMessageThatTheContactMayHaveIsNotCancelled() {
    open(idempotent);
    idempotent.answer("maybe", () -> new OutcomeUnknown("The platform did not respond."));
    idempotent.answer("maybe", () -> new Unavailable("The platform cannot be reached."));
    var message = sendText("maybe");
    awaitTries(message, 1);
    assertThat(isRefused(message)).isTrue();
    letPass(Duration.ofMinutes(1));
    awaitTries(message, 2);
    assertThat(isRefused(message)).as("a later request that sent nothing").isTrue();
    letPass(Duration.ofMinutes(1));
    assertThat(awaitDelivery(message).status()).isEqualTo(MessageStatus.SENT);
  }

  @Test
  void aMessageOfWhichTheContactHasAPartIsNotCancelled() {
    open(onceOnly);
    onceOnly.answer("q2", () -> new Unavailable("The platform cannot be reached."));
    var parts = sendText("q1\nq2");
    awaitTries(parts, 1);
    assertThat(isRefused(parts)).isTrue();
  }

  /** A request either precedes the cancellation, which is refused, or is not begun. */
  @Test
  void exactlyOneOfCancellationAndRequestBegins() throws Exception {
    open(onceOnly);
    send(new PauseChannel(channel, null));
    for (int i = 0; i < 40; i++) {
      var message = sendText("race " + i);
      var row = row(message);
      var starts = CompletableFuture.supplyAsync(() -> outbound.startRequest(row));
      boolean isCancelled = !isRefused(message);
      assertThat(starts.get()).isNotEqualTo(isCancelled);
      outbound.remove(message);
    }
  }

  /** Returns the message as it waits, although its channel is paused. */
  private PendingMessage row(ChatMessageId message) {
    long number =
        sql.sql("select number from chat_outbound_message where message_id = ?")
            .param(message.value())
            .query(Long.class)
            .single();
    var now = Instant.now();
    return new PendingMessage(
        chat, number, ADA.tenant(), channel, message, number, List.of(), false, 0, null, now);
  }

  @Test
  void aMessageFailsAfterADayOfRefusals() {
    open(onceOnly);
    for (int i = 0; i < 2; i++)
      onceOnly.answer("limited", () -> new RateLimited(Duration.ofMinutes(10)));
    var message = sendText("limited");
    awaitTries(message, 1);
    assertThat(
            sql.sql(
                    """
                    select due_at > now() + interval '9 minutes' from chat_outbound_message
                    where message_id = ?""")
                .param(message.value())
                .query(Boolean.class)
                .single())
        .isTrue();
    letPass(Duration.ofDays(1));
    var failure = awaitDelivery(message);
    assertThat(failure.status()).isEqualTo(MessageStatus.FAILED);
    assertThat(failure.failure()).startsWith("rate_limited: ");
  }

  @Test
  void aRefusedMessageFailsAtOnceWithTheReasonOfThePlatform() {
    open(onceOnly);
    onceOnly.answer("refused", () -> new Rejected("The contact has blocked the account."));
    assertThat(awaitDelivery(sendText("refused")).failure())
        .isEqualTo("rejected: The contact has blocked the account.");
  }

  @Test
  void partsToAContactKeepTheIntervalOfThePlatform() {
    open(slow);
    assertThat(awaitDelivery(sendText("s1\ns2")).status()).isEqualTo(MessageStatus.SENT);
    var times = slow.times();
    assertThat(times).hasSize(2);
    assertThat(Duration.between(times.get(0), times.get(1)))
        .isGreaterThan(Duration.ofMillis(1_900));
  }

  @Test
  void messagesWaitWhileTheOwnerMayNotUseTheSecretsOfTheChannel() {
    joinTenant(ADA);
    VaultId vault = send(new CreateVault(VaultId.next(), ADA.user(), "vault " + channel, null));
    send(new PutSecret(vault, "token", new SecretValue.EnvironmentVariable("TOKEN", "secret")));
    var created = ChatFixture.create(ADA, channel, "once_only", null, AgentBuffer.DEFAULT);
    var properties = created.properties();
    send(
        new CreateChannel(
            channel,
            ADA.user(),
            new ChannelProperties(
                properties.name(),
                "once_only",
                Map.of("token", new SecretRef(vault, "token")),
                List.of(),
                List.of(),
                List.of(),
                properties.principal()),
            created.definition(),
            null));
    send(ChatFixture.receive(channel, chat, "hello"));
    sql.sql("update identity_user set disabled = true where user_id = ?")
        .param(ADA.user().value())
        .update();
    var message = sendText("with a secret");
    try {
      awaitTries(message, 1);
    } finally {
      joinTenant(ADA);
    }
    assertThat(onceOnly.texts()).doesNotContain("with a secret");
    letPass(Duration.ofMinutes(1));
    assertThat(awaitDelivery(message).status()).isEqualTo(MessageStatus.SENT);
  }

  @Test
  void aPausedChannelSendsWhenItIsResumed() {
    open(onceOnly);
    send(new PauseChannel(channel, null));
    var message = sendText("paused");
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                sql.sql("select count(*) from chat_outbound_job where task_instance = ?")
                        .param(chat.value())
                        .query(Integer.class)
                        .single()
                    == 0);
    assertThat(onceOnly.texts()).doesNotContain("paused");
    send(new ResumeChannel(channel, null));
    assertThat(awaitDelivery(message).status()).isEqualTo(MessageStatus.SENT);
  }

  @Test
  void aSlowChannelHoldsNoOtherBackAndContinuesWithAllOfItsChats() {
    send(ChatFixture.create(ADA, channel, "once_only", null, AgentBuffer.DEFAULT));
    var release = new CountDownLatch(1);
    var chats = Stream.generate(ChatFixture::newChat).limit(40).toList();
    try {
      for (var slowChat : chats) {
        onceOnly.answer(
            "held",
            () -> {
              awaitLatch(release);
              return new SendResult.Sent("held");
            });
        send(ChatFixture.receive(channel, slowChat, "hello"));
        send(ChatFixture.send(slowChat, ChatMessageId.next(), "held"));
      }
      var other = ChannelId.next();
      send(ChatFixture.create(ADA, other, "idempotent", null, AgentBuffer.DEFAULT));
      send(ChatFixture.receive(other, chat, "hello"));
      var message = sendText("not held");
      assertThat(awaitDelivery(message).status()).isEqualTo(MessageStatus.SENT);
    } finally {
      release.countDown();
    }
    await().atMost(TIMEOUT).until(() -> countWaiting() == 0);
    assertThat(onceOnly.texts().stream().filter("held"::equals)).hasSize(chats.size());
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private int countWaiting() {
    return sql.sql("select count(*) from chat_outbound_message where channel_id = ?")
        .param(channel.value())
        .query(Integer.class)
        .single();
  }

  @Test
  void anArchivedChannelSendsNothing() {
    open(onceOnly);
    send(new PauseChannel(channel, null));
    var message = sendText("archived");
    send(new ArchiveChannel(channel));
    assertThat(awaitDelivery(message).failure()).startsWith("channel_archived: ");
    assertThat(onceOnly.texts()).doesNotContain("archived");
  }
}
