package io.agentledger.command.channel;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.AgentCallOutcome;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatCommand.AddChatNote;
import io.agentledger.api.channel.ChatCommand.Answer;
import io.agentledger.api.channel.ChatCommand.AssignChat;
import io.agentledger.api.channel.ChatCommand.CallChatAgent;
import io.agentledger.api.channel.ChatCommand.CancelChatMessage;
import io.agentledger.api.channel.ChatCommand.CloseChat;
import io.agentledger.api.channel.ChatCommand.EndChatAgentCall;
import io.agentledger.api.channel.ChatCommand.EscalateChat;
import io.agentledger.api.channel.ChatCommand.HandBackChat;
import io.agentledger.api.channel.ChatCommand.MarkChatUnread;
import io.agentledger.api.channel.ChatCommand.ReadChat;
import io.agentledger.api.channel.ChatCommand.ReceiveChatMessages;
import io.agentledger.api.channel.ChatCommand.ReceivedMessage;
import io.agentledger.api.channel.ChatCommand.RecordChatDelivery;
import io.agentledger.api.channel.ChatCommand.RefuseChatMedia;
import io.agentledger.api.channel.ChatCommand.SendChatMessage;
import io.agentledger.api.channel.ChatCommand.SentFile;
import io.agentledger.api.channel.ChatCommand.SetChatAgent;
import io.agentledger.api.channel.ChatCommand.TakeOverChat;
import io.agentledger.api.channel.ChatContact;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatAgentCallEnded;
import io.agentledger.api.channel.ChatEvent.ChatAgentCalled;
import io.agentledger.api.channel.ChatEvent.ChatAgentSet;
import io.agentledger.api.channel.ChatEvent.ChatAssigned;
import io.agentledger.api.channel.ChatEvent.ChatClosed;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatHandedBack;
import io.agentledger.api.channel.ChatEvent.ChatMediaRefused;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatEvent.ChatRead;
import io.agentledger.api.channel.ChatEvent.ChatReopened;
import io.agentledger.api.channel.ChatEvent.ChatTakenOver;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageContent.Media;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatNoteId;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Actor.ActorType;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.ChannelRejection.AssigneeNotMember;
import io.agentledger.api.shared.ChannelRejection.ChannelWithoutAgent;
import io.agentledger.api.shared.ChannelRejection.ChatAgentNotActive;
import io.agentledger.api.shared.ChannelRejection.ChatClosedAlready;
import io.agentledger.api.shared.ChannelRejection.ChatTakenOverAlready;
import io.agentledger.api.shared.ChannelRejection.ChatUserRequired;
import io.agentledger.api.shared.ChannelRejection.MessageBeingSent;
import io.agentledger.api.shared.ChannelRejection.MessageNotPending;
import io.agentledger.api.shared.ChannelRejection.OutsideWindow;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import io.agentledger.command.channel.outbound.ScriptedPlatform;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.PlainSealer;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.TestExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class ChatTest {
  private static final TenantId HOME = new TenantId("tnt_2222222222");
  private static final Caller ADA = caller(Role.MEMBER);
  private static final Caller BEN = caller(Role.MEMBER);
  private static final Caller STRANGER = caller(Role.MEMBER);
  private static final AgentId AGENT_ID = new AgentId("agt_2222222222");
  private static final Caller AGENT = agent(AGENT_ID);
  private static final ChannelId CHANNEL = new ChannelId("chn_2222222222");
  private static final ChatId ID = new ChatId("cht_2222222222");
  private static final ChatMessageId FIRST = ChatMessageId.of(CHANNEL, "wamid.1");
  private static final ChatMessageId ANSWER = new ChatMessageId("chm_2222222222");
  private static final Instant AT = Instant.parse("2026-01-01T10:00:00Z");
  private static final int CALLS_PER_HOUR = 2;
  private static final Sealer SEALER = new PlainSealer();
  private static final ChatContact CONTACT = new ChatContact("+15550100", "Eve");
  private static final ChatOpened OPENED =
      new ChatOpened(
          ID,
          CHANNEL,
          sealed(ChatOpened.class, "contact", CONTACT),
          List.of(ADA.user()),
          ChatAgentState.ACTIVE);
  private static final ChatMessageReceived RECEIVED =
      new ChatMessageReceived(ID, CHANNEL, FIRST, 1, "wamid.1", content("Hi"), 0, AT);
  private static final ChatMessageSent SENT =
      new ChatMessageSent(
          ID, CHANNEL, ANSWER, 2, SenderType.USER, ADA.user().value(), sent("Hello"));

  private static Caller caller(Role role) {
    return Caller.ofUser(HOME, UserId.next(), CredentialId.next(), role);
  }

  private static Caller agent(AgentId id) {
    return new Caller(
        HOME,
        ADA.user(),
        new Actor(ActorType.AGENT, id.value()),
        CredentialId.next(),
        Role.AGENT,
        Role.AGENT.scopes(),
        false,
        false);
  }

  private static Map<String, Object> of(Caller caller) {
    return caller.asMetadata("req_2222222222");
  }

  private static Content sealed(Class<?> event, String field, Object value) {
    return SEALER.seal(ID, event, field, JsonMappers.mapper().writeValueAsString(value));
  }

  private static Content content(String text) {
    return sealed(ChatMessageReceived.class, "content", ChatMessageContent.ofText(text));
  }

  private static Content sent(String text) {
    return sealed(ChatMessageSent.class, "content", ChatMessageContent.ofText(text));
  }

  private static ReceiveChatMessages receive(String... texts) {
    return new ReceiveChatMessages(
        ID,
        CHANNEL,
        CONTACT,
        IntStream.range(0, texts.length)
            .mapToObj(
                i ->
                    new ReceivedMessage(
                        ChatMessageId.of(CHANNEL, "wamid." + (i + 1)),
                        "wamid." + (i + 1),
                        ChatMessageContent.ofText(texts[i]),
                        AT))
            .toList());
  }

  private static SendChatMessage send(String text, Instant at) {
    return new SendChatMessage(ID, ANSWER, ChatMessageContent.ofText(text), List.of(), at, null);
  }

  private static final TenantMembership MEMBERS = (tenant, user) -> Optional.of(Role.MEMBER);

  /** Rules of a channel of Ada with Ben as a member, an agent, and a window of a day. */
  private static ChatRules rules(List<AgentId> agent) {
    var properties =
        new ChannelProperties(
            "Shop",
            "http",
            Map.of(),
            List.of(BEN.user()),
            List.of(ADA.user()),
            agent,
            ExecutionPrincipal.of(ADA));
    var channels =
        new ChannelLookupTable(JdbcClient.create(new DriverManagerDataSource())) {
          @Override
          public Optional<StoredChannel> find(ChannelId id) {
            return Optional.of(
                new StoredChannel(id, HOME, ADA.user(), properties, 1, false, false));
          }
        };
    return new ChatRules(
        channels, definitions(), platforms(), MEMBERS, new ChannelSettings("", CALLS_PER_HOUR)) {
      @Override
      void requireSendable(
          ChannelId channel,
          ChatId chat,
          ChatMessageContent content,
          Instant wroteAt,
          Instant now) {
        if (now.isAfter(wroteAt.plus(Duration.ofDays(1))))
          throw new RejectionException(new OutsideWindow(chat.value(), 86_400));
      }
    };
  }

  private static PlatformRegistry platforms() {
    return new PlatformRegistry(List.of(new ScriptedPlatform("http", Set.of(Capability.MEDIA))));
  }

  private static ChannelReader definitions() {
    return new ChannelReader(null, SEALER, null, null, "") {
      @Override
      public ChannelDefinition definition(StoredChannel channel) {
        return new ChannelDefinition(null, Map.of(), null, null, AgentBuffer.DEFAULT, true);
      }
    };
  }

  private TestExecutor<Chat> given(ChatEvent... events) {
    return given(List.of(AGENT_ID), events);
  }

  private TestExecutor<Chat> given(List<AgentId> agent, ChatEvent... events) {
    return given(agent, message -> true, events);
  }

  private TestExecutor<Chat> given(List<AgentId> agent, MessageQueue queue, ChatEvent... events) {
    return ConfigurationFixture.of(Chat.class)
        .registerInjectableResource(queue)
        .registerInjectableResource(rules(agent))
        .registerInjectableResource(MEMBERS)
        .registerInjectableResource(SEALER)
        .given(
            Stream.of(events)
                .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(of(ADA)))
                .toList());
  }

  private static Map<String, Object> system() {
    return Map.of("tenant", HOME.value());
  }

  @Test
  void firstMessagesOpenTheChatAndLaterOnesContinueTheNumbers() {
    var second =
        new ChatMessageReceived(
            ID,
            CHANNEL,
            ChatMessageId.of(CHANNEL, "wamid.2"),
            2,
            "wamid.2",
            content("Are you open?"),
            0,
            AT);
    given().when(receive("Hi", "Are you open?"), system()).expectEvents(OPENED, RECEIVED, second);
    given(OPENED, second, new ChatClosed(ID))
        .when(receive("Hi"), system())
        .expectEvents(
            new ChatReopened(ID),
            new ChatMessageReceived(ID, CHANNEL, FIRST, 3, "wamid.1", content("Hi"), 0, AT));
  }

  @Test
  void membersSendAndOthersDoNotFindTheChat() {
    given(OPENED, RECEIVED)
        .when(send("Hello", AT), of(BEN))
        .expectEvents(
            new ChatMessageSent(
                ID, CHANNEL, ANSWER, 2, SenderType.USER, BEN.user().value(), sent("Hello")),
            new ChatRead(ID, BEN.user(), 2));
    given(OPENED, RECEIVED)
        .when(send("Hello", AT), of(STRANGER))
        .expectExceptionDetails(NotFound.of(ID));
    given(OPENED, RECEIVED, new ChatClosed(ID))
        .when(send("Hello", AT), of(ADA))
        .expectExceptionDetails(new ChatClosedAlready(ID.value()));
    given(OPENED, RECEIVED)
        .when(send("Hello", AT.plus(Duration.ofHours(25))), of(ADA))
        .expectExceptionDetails(new OutsideWindow(ID.value(), 86_400));
  }

  @Test
  void filesOfAMessageAreStoredWithIt() {
    var bytes = Base64.getEncoder().encodeToString(HexFormat.of().parseHex("89504e470d0a1a0a"));
    var content =
        new ChatMessageContent("", "", List.of(new Media("", "a.png", "image/png")), null);
    given(OPENED, RECEIVED)
        .when(
            new SendChatMessage(
                ID,
                ANSWER,
                ChatMessageContent.ofText(""),
                List.of(new SentFile("a.png", "", bytes)),
                AT,
                null),
            of(AGENT))
        .expectEvents(
            new ChatMessageSent(
                ID,
                CHANNEL,
                ANSWER,
                2,
                SenderType.AGENT,
                AGENT_ID.value(),
                sealed(ChatMessageSent.class, "content", content)),
            new ChatMediaStored(
                ID,
                ANSWER,
                0,
                SEALER.seal(ID, ChatMediaStored.class, "data", bytes),
                "image/png",
                8));
  }

  @Test
  void agentsSendWithTheirTokenWhileActiveAndChangeNothingElse() {
    given(OPENED, RECEIVED)
        .when(send("Hello", AT), of(AGENT))
        .expectEvents(
            new ChatMessageSent(
                ID, CHANNEL, ANSWER, 2, SenderType.AGENT, AGENT_ID.value(), sent("Hello")));
    given(OPENED, RECEIVED)
        .when(send("Hello", AT), of(agent(new AgentId("agt_3333333333"))))
        .expectExceptionDetails(NotFound.of(ID));
    given(OPENED, RECEIVED, new ChatTakenOver(ID, ADA.user()))
        .when(send("Hello", AT), of(AGENT))
        .expectExceptionDetails(new ChatAgentNotActive(ID.value()));
    for (var command :
        List.of(
            new CloseChat(ID, null),
            new TakeOverChat(ID, null),
            new AddChatNote(ID, ChatNoteId.next(), "note", null),
            new ReadChat(ID, 1))) {
      given(OPENED, RECEIVED)
          .when(command, of(AGENT))
          .expectExceptionDetails(new ChatUserRequired(ID.value()));
      given(OPENED, RECEIVED)
          .when(command, of(agent(new AgentId("agt_3333333333"))))
          .expectExceptionDetails(NotFound.of(ID));
      given(OPENED, RECEIVED, new ChatTakenOver(ID, ADA.user()))
          .when(command, of(AGENT))
          .expectExceptionDetails(NotFound.of(ID));
    }
  }

  private static ChatDeliveryChanged status(MessageStatus status) {
    return new ChatDeliveryChanged(ID, CHANNEL, ANSWER, status, List.of(), "", AT);
  }

  @Test
  void messageIsCancelledOnceWhileItWaits() {
    var cancel = new CancelChatMessage(ID, ANSWER, AT, null);
    var cancelled = status(MessageStatus.CANCELLED);
    given(OPENED, RECEIVED, SENT).when(cancel, of(BEN)).expectEvents(cancelled);
    given(OPENED, RECEIVED, SENT, cancelled).when(cancel, of(BEN)).expectNoEvents();
    given(OPENED, RECEIVED, SENT, new ChatClosed(ID)).when(cancel, of(BEN)).expectEvents(cancelled);
    given(OPENED, RECEIVED, SENT, status(MessageStatus.FAILED))
        .when(cancel, of(BEN))
        .expectExceptionDetails(new MessageNotPending(ID.value(), ANSWER.value(), "failed"));
    given(OPENED, RECEIVED, SENT, status(MessageStatus.SENT))
        .when(cancel, of(BEN))
        .expectExceptionDetails(new MessageNotPending(ID.value(), ANSWER.value(), "sent"));
    given(OPENED, RECEIVED).when(cancel, of(BEN)).expectExceptionDetails(NotFound.of(ANSWER));
  }

  @Test
  void messageWhoseRequestHasBegunIsNotCancelled() {
    given(List.of(AGENT_ID), message -> false, OPENED, RECEIVED, SENT)
        .when(new CancelChatMessage(ID, ANSWER, AT, null), of(ADA))
        .expectExceptionDetails(new MessageBeingSent(ID.value(), ANSWER.value()));
  }

  @Test
  void onlyUsersWhoMayWriteCancel() {
    var cancel = new CancelChatMessage(ID, ANSWER, AT, null);
    given(OPENED, RECEIVED, SENT)
        .when(cancel, of(STRANGER))
        .expectExceptionDetails(NotFound.of(ID));
    given(OPENED, RECEIVED, SENT)
        .when(cancel, of(AGENT))
        .expectExceptionDetails(new ChatUserRequired(ID.value()));
    given(OPENED, RECEIVED, SENT, new ChatTakenOver(ID, ADA.user()))
        .when(cancel, of(BEN))
        .expectExceptionDetails(new ChatTakenOverAlready(ID.value(), ADA.user().value()));
  }

  @Test
  void cancelledMessageGetsNoOtherStatus() {
    for (var status : List.of(MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.READ))
      given(OPENED, RECEIVED, SENT, status(MessageStatus.CANCELLED))
          .when(new RecordChatDelivery(ID, ANSWER, status, List.of("p1"), "", AT), system())
          .expectNoEvents();
  }

  @Test
  void firstTakeOverWins() {
    var takenOver = new ChatTakenOver(ID, ADA.user());
    given(OPENED, RECEIVED).when(new TakeOverChat(ID, null), of(ADA)).expectEvents(takenOver);
    given(OPENED, RECEIVED, takenOver)
        .when(new TakeOverChat(ID, null), of(BEN))
        .expectExceptionDetails(new ChatTakenOverAlready(ID.value(), ADA.user().value()));
    given(OPENED, RECEIVED, takenOver).when(new TakeOverChat(ID, null), of(ADA)).expectNoEvents();
  }

  @Test
  void userWhoWasRemovedFromTheChannelKeepsItFromNobody() {
    var removed = caller(Role.MEMBER).user();
    given(OPENED, RECEIVED, new ChatTakenOver(ID, removed))
        .when(new TakeOverChat(ID, null), of(BEN))
        .expectEvents(new ChatTakenOver(ID, BEN.user()));
    given(OPENED, RECEIVED, new ChatTakenOver(ID, removed))
        .when(new HandBackChat(ID, null), of(BEN))
        .expectEvents(new ChatHandedBack(ID));
  }

  @Test
  void chatIsAssignedToThoseWhoSeeIt() {
    var other = caller(Role.MEMBER).user();
    given(OPENED, RECEIVED)
        .when(new AssignChat(ID, other, null), of(ADA))
        .expectExceptionDetails(new AssigneeNotMember(other.value(), CHANNEL.value()));
    given(OPENED, RECEIVED)
        .when(new AssignChat(ID, BEN.user(), null), of(ADA))
        .expectEvents(new ChatAssigned(ID, List.of(BEN.user())));
  }

  @Test
  void messagesOfAFailedCallWaitForTheNext() {
    var called = new ChatAgentCalled(ID, 1, List.of());
    var failed = new ChatAgentCallEnded(ID, 1, AgentCallOutcome.FAILED, "It broke.");
    given(OPENED, RECEIVED, called, escalated("It broke."), failed)
        .when(new CallChatAgent(ID, 1, null, AT), system())
        .expectNoEvents();
    given(OPENED, RECEIVED, called, escalated("It broke."), failed, new ChatHandedBack(ID))
        .when(new CallChatAgent(ID, 1, null, AT), system())
        .expectEvents(called);
  }

  /** Two agents that answer each other would never end. */
  @Test
  void chatWithTooManyCallsWithinAnHourIsEscalated() {
    var called = new ChatAgentCalled(ID, 1, List.of());
    var dropped = new ChatAgentCallEnded(ID, 1, AgentCallOutcome.DROPPED, "");
    var escalated =
        escalated("The agent was called 2 times within an hour. Do two agents answer each other?");
    var call = new CallChatAgent(ID, 1, null, AT);
    given(OPENED, RECEIVED, called, dropped).when(call, system()).expectEvents(called);
    given(OPENED, RECEIVED, called, dropped, called, dropped)
        .when(call, system())
        .expectEvents(escalated)
        .expectResultMessagePayload(false);
    given(OPENED, RECEIVED, called, dropped, called, dropped, escalated, new ChatHandedBack(ID))
        .when(call, system())
        .expectEvents(called);
    given(OPENED, RECEIVED, called, dropped, called, dropped)
        .when(new CallChatAgent(ID, 1, null, Instant.now().plus(Duration.ofHours(2))), system())
        .expectEvents(called);
  }

  @Test
  void nobodyElseAnswersOrHandsBackWhileAUserHasTakenOver() {
    var byAda = new ChatTakenOver(ID, ADA.user());
    var taken = new ChatTakenOverAlready(ID.value(), ADA.user().value());
    given(OPENED, RECEIVED, byAda).when(send("Hello", AT), of(BEN)).expectExceptionDetails(taken);
    given(OPENED, RECEIVED, byAda)
        .when(send("Hello", AT), of(ADA))
        .expectEvents(
            new ChatMessageSent(
                ID, CHANNEL, ANSWER, 2, SenderType.USER, ADA.user().value(), sent("Hello")),
            new ChatRead(ID, ADA.user(), 2));
    given(OPENED, RECEIVED, byAda)
        .when(new HandBackChat(ID, null), of(BEN))
        .expectExceptionDetails(taken);
    given(OPENED, RECEIVED, byAda)
        .when(new HandBackChat(ID, null), of(ADA))
        .expectEvents(new ChatHandedBack(ID));
    given(OPENED, RECEIVED, new ChatTakenOver(ID, BEN.user()))
        .when(new HandBackChat(ID, null), of(ADA)) // She owns the channel.
        .expectEvents(new ChatHandedBack(ID));
  }

  @Test
  void chatIsHandedBackToNoAgentThatTheChannelDoesNotHave() {
    var none = List.<AgentId>of();
    given(none, OPENED, RECEIVED, new ChatTakenOver(ID, ADA.user()))
        .when(new HandBackChat(ID, null), of(ADA))
        .expectEvents(new ChatAgentSet(ID, false));
    given(none, OPENED, RECEIVED, new ChatAgentSet(ID, false))
        .when(new SetChatAgent(ID, true, null), of(ADA))
        .expectExceptionDetails(new ChannelWithoutAgent(CHANNEL.value()));
  }

  @Test
  void deliveryStatusNeverGoesBackwards() {
    given(OPENED, RECEIVED, SENT, changed(MessageStatus.READ, ""))
        .when(delivery(MessageStatus.DELIVERED, ""), system())
        .expectNoEvents();
    given(OPENED, RECEIVED, SENT, changed(MessageStatus.SENT, ""))
        .when(delivery(MessageStatus.FAILED, "blocked"), system())
        .expectEvents(changed(MessageStatus.FAILED, "blocked"));
    given(OPENED, RECEIVED, SENT, changed(MessageStatus.FAILED, "blocked"))
        .when(delivery(MessageStatus.READ, ""), system())
        .expectNoEvents();
  }

  private static RecordChatDelivery delivery(MessageStatus status, String failure) {
    return new RecordChatDelivery(ID, ANSWER, status, List.of("wamid.9"), failure, AT);
  }

  private static ChatDeliveryChanged changed(MessageStatus status, String failure) {
    return new ChatDeliveryChanged(ID, CHANNEL, ANSWER, status, List.of("wamid.9"), failure, AT);
  }

  @Test
  void agentIsCalledOnceForTheMessagesSinceTheLastCall() {
    var called = new ChatAgentCalled(ID, 1, List.of());
    given(OPENED, RECEIVED)
        .when(new CallChatAgent(ID, 1, null, AT), system())
        .expectEvents(called)
        .expectResultMessagePayload(true);
    given(OPENED, RECEIVED, called)
        .when(new CallChatAgent(ID, 1, null, AT), system())
        .expectNoEvents()
        .expectResultMessagePayload(false);
    given(OPENED, RECEIVED, new ChatTakenOver(ID, ADA.user()))
        .when(new CallChatAgent(ID, 1, null, AT), system())
        .expectNoEvents();
    given(OPENED, RECEIVED, called)
        .when(end(AgentCallOutcome.ANSWERED, "Yes"), system())
        .expectEvents(
            new ChatMessageSent(
                ID, CHANNEL, ANSWER, 2, SenderType.AGENT, AGENT_ID.value(), sent("Yes")),
            new ChatAgentCallEnded(ID, 1, AgentCallOutcome.ANSWERED, ""));
    given(OPENED, RECEIVED, called, new ChatAgentCallEnded(ID, 1, AgentCallOutcome.ANSWERED, ""))
        .when(end(AgentCallOutcome.ANSWERED, "Yes"), system())
        .expectNoEvents();
    given(OPENED, RECEIVED, called, new ChatTakenOver(ID, ADA.user()))
        .when(end(AgentCallOutcome.ANSWERED, "Yes"), system())
        .expectEvents(new ChatAgentCallEnded(ID, 1, AgentCallOutcome.DROPPED, ""));
    var takenOver = new ChatTakenOver(ID, ADA.user());
    var handedBack = new ChatHandedBack(ID);
    var dropped = new ChatAgentCallEnded(ID, 1, AgentCallOutcome.DROPPED, "");
    given(OPENED, RECEIVED, called, takenOver, handedBack)
        .when(end(AgentCallOutcome.ANSWERED, "Yes"), system())
        .expectEvents(dropped);
    given(OPENED, RECEIVED, called, takenOver, dropped, handedBack)
        .when(new CallChatAgent(ID, 1, null, AT), system())
        .expectEvents(called);
  }

  @Test
  void agentHandsTheChatToPeople() {
    var unassigned =
        new ChatOpened(ID, CHANNEL, OPENED.contact(), List.of(), ChatAgentState.ACTIVE);
    var assigned = new ChatAssigned(ID, List.of(ADA.user()));
    var channel = Caller.ofUser(HOME, UserId.next(), CredentialId.next(), Role.AGENT);
    for (var caller : List.of(AGENT, BEN, asChannel(channel, CHANNEL)))
      given(unassigned, RECEIVED)
          .when(escalate("angry"), of(caller))
          .expectEvents(escalated("angry"), assigned);
    given(OPENED, RECEIVED).when(escalate("angry"), of(AGENT)).expectEvents(escalated("angry"));
    for (var caller : List.of(STRANGER, asChannel(channel, ChannelId.next())))
      given(OPENED, RECEIVED)
          .when(escalate("angry"), of(caller))
          .expectExceptionDetails(NotFound.of(ID));
    given(OPENED, RECEIVED, escalated("angry"))
        .when(escalate("still angry"), of(AGENT))
        .expectNoEvents();
    given(OPENED, RECEIVED, new ChatTakenOver(ID, BEN.user()))
        .when(escalate("angry"), of(AGENT))
        .expectExceptionDetails(new ChatAgentNotActive(ID.value()));
  }

  @Test
  void agentThatHasEscalatedEndsItsTurnAndOneThatFailsEscalates() {
    var called = new ChatAgentCalled(ID, 1, List.of());
    given(OPENED, RECEIVED, called, escalated("angry"))
        .when(end(AgentCallOutcome.ANSWERED, "Ada will write to you."), system())
        .expectEvents(
            new ChatMessageSent(
                ID,
                CHANNEL,
                ANSWER,
                2,
                SenderType.AGENT,
                AGENT_ID.value(),
                sent("Ada will write to you.")),
            new ChatAgentCallEnded(ID, 1, AgentCallOutcome.ANSWERED, ""));
    given(OPENED, RECEIVED, called)
        .when(new EndChatAgentCall(ID, 1, AgentCallOutcome.FAILED, null, "It broke."), system())
        .expectEvents(
            escalated("It broke."),
            new ChatAgentCallEnded(ID, 1, AgentCallOutcome.FAILED, "It broke."));
  }

  private static Caller asChannel(Caller caller, ChannelId channel) {
    return new Caller(
        HOME,
        caller.user(),
        new Actor(ActorType.CHANNEL, channel.value()),
        caller.credential(),
        Role.AGENT,
        Role.AGENT.scopes(),
        false,
        false);
  }

  private static EscalateChat escalate(String reason) {
    return new EscalateChat(ID, reason, null);
  }

  private static ChatEscalated escalated(String reason) {
    return new ChatEscalated(ID, SEALER.seal(ID, ChatEscalated.class, "reason", reason));
  }

  private static EndChatAgentCall end(AgentCallOutcome outcome, @Nullable String text) {
    var answer = text == null ? null : new Answer(ANSWER, ChatMessageContent.ofText(text));
    return new EndChatAgentCall(ID, 1, outcome, answer, "");
  }

  @Test
  void mediaAndReadingAreRecordedOnce() {
    var withMedia = new ChatMessageReceived(ID, CHANNEL, FIRST, 1, "wamid.1", content(""), 1, AT);
    var refused = new ChatMediaRefused(ID, FIRST, 0, "The file is too large.");
    var refuse = new RefuseChatMedia(ID, FIRST, 0, "The file is too large.");
    given(OPENED, withMedia).when(refuse, system()).expectEvents(refused);
    given(OPENED, withMedia, refused).when(refuse, system()).expectNoEvents();
    var read = new ChatRead(ID, BEN.user(), 1);
    given(OPENED, RECEIVED).when(new ReadChat(ID, 9), of(BEN)).expectEvents(read);
    given(OPENED, RECEIVED, read).when(new ReadChat(ID, 1), of(BEN)).expectNoEvents();
  }

  @Test
  void userWhoAnswersHasReadTheChatAndMayMarkItAsUnread() {
    var answer =
        new ChatMessageSent(
            ID, CHANNEL, ANSWER, 2, SenderType.USER, BEN.user().value(), sent("Hello"));
    var read = new ChatRead(ID, BEN.user(), 1);
    given(OPENED, RECEIVED, read).when(send("Hello", AT), of(BEN)).expectEvents(answer);
    var answered = new ChatRead(ID, BEN.user(), 2);
    var unread = new ChatRead(ID, BEN.user(), 0);
    given(OPENED, RECEIVED, answer, answered)
        .when(new MarkChatUnread(ID), of(BEN))
        .expectEvents(unread);
    given(OPENED, RECEIVED, answer, answered)
        .when(new MarkChatUnread(ID), of(ADA))
        .expectNoEvents();
    given(OPENED, RECEIVED, answer, answered, unread)
        .when(new ReadChat(ID, 1), of(BEN))
        .expectEvents(read);
    given(OPENED, RECEIVED)
        .when(new MarkChatUnread(ID), of(STRANGER))
        .expectExceptionDetails(NotFound.of(ID));
  }
}
