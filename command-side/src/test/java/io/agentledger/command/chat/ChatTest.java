package io.agentledger.command.chat;

import io.agentledger.api.chat.ChatId;
import io.agentledger.api.chat.UserChatCommand.ContinueChat;
import io.agentledger.api.chat.UserChatCommand.StartChat;
import io.agentledger.api.chat.UserChatEvent.ChatStarted;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import java.util.Map;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.Test;

class ChatTest {
  private static final UserId ADA = UserId.next();
  private static final ChatId CHAT = ChatId.of(ADA);
  private static final SessionId FIRST = SessionId.next();
  private static final SessionId SECOND = SessionId.next();

  private final FixtureConfiguration<Chat> chat = new AggregateTestFixture<>(Chat.class);

  private static Map<String, Object> by(UserId user) {
    return Caller.ofUser(TenantId.next(), user, CredentialId.next(), Role.MEMBER)
        .asMetadata("req_2222222222");
  }

  @Test
  void theFirstOfCompetingSessionsWins() {
    chat.givenNoPriorActivity()
        .when(new ContinueChat(CHAT, FIRST, null), by(ADA))
        .expectEvents(new ChatStarted(CHAT, FIRST))
        .expectResultMessagePayload(FIRST);
    chat.given(new ChatStarted(CHAT, FIRST))
        .when(new ContinueChat(CHAT, SECOND, null), by(ADA))
        .expectNoEvents()
        .expectResultMessagePayload(FIRST);
  }

  @Test
  void onlyTheEndedSessionIsFollowedByAnother() {
    chat.given(new ChatStarted(CHAT, FIRST))
        .when(new ContinueChat(CHAT, SECOND, FIRST), by(ADA))
        .expectEvents(new ChatStarted(CHAT, SECOND))
        .expectResultMessagePayload(SECOND);
    chat.given(new ChatStarted(CHAT, FIRST), new ChatStarted(CHAT, SECOND))
        .when(new ContinueChat(CHAT, SessionId.next(), FIRST), by(ADA))
        .expectNoEvents()
        .expectResultMessagePayload(SECOND);
  }

  @Test
  void newConversationReturnsTheSessionThatItReplaces() {
    chat.given(new ChatStarted(CHAT, FIRST))
        .when(new StartChat(CHAT, SECOND), by(ADA))
        .expectEvents(new ChatStarted(CHAT, SECOND))
        .expectResultMessagePayload(FIRST);
    chat.given(new ChatStarted(CHAT, SECOND))
        .when(new StartChat(CHAT, SECOND), by(ADA))
        .expectNoEvents();
  }

  @Test
  void chatOfAnotherUserIsNotFound() {
    for (var command :
        new Object[] {new StartChat(CHAT, SECOND), new ContinueChat(CHAT, SECOND, FIRST)})
      chat.given(new ChatStarted(CHAT, FIRST))
          .when(command, by(UserId.next()))
          .expectException(RejectionException.class)
          .expectExceptionDetails(NotFound.of(CHAT))
          .expectNoEvents();
  }
}
