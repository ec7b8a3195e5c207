package io.agentledger.command.chat;

import io.agentledger.api.chat.UserChatCommand.ContinueUserChat;
import io.agentledger.api.chat.UserChatCommand.StartUserChat;
import io.agentledger.api.chat.UserChatEvent.UserChatStarted;
import io.agentledger.api.chat.UserChatId;
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

class UserChatTest {
  private static final UserId ADA = UserId.next();
  private static final UserChatId CHAT = UserChatId.of(ADA);
  private static final SessionId FIRST = SessionId.next();
  private static final SessionId SECOND = SessionId.next();

  private final FixtureConfiguration<UserChat> chat = new AggregateTestFixture<>(UserChat.class);

  private static Map<String, Object> by(UserId user) {
    return Caller.ofUser(TenantId.next(), user, CredentialId.next(), Role.MEMBER)
        .asMetadata("req_2222222222");
  }

  @Test
  void theFirstOfCompetingSessionsWins() {
    chat.givenNoPriorActivity()
        .when(new ContinueUserChat(CHAT, FIRST, null), by(ADA))
        .expectEvents(new UserChatStarted(CHAT, FIRST))
        .expectResultMessagePayload(FIRST);
    chat.given(new UserChatStarted(CHAT, FIRST))
        .when(new ContinueUserChat(CHAT, SECOND, null), by(ADA))
        .expectNoEvents()
        .expectResultMessagePayload(FIRST);
  }

  @Test
  void onlyTheEndedSessionIsFollowedByAnother() {
    chat.given(new UserChatStarted(CHAT, FIRST))
        .when(new ContinueUserChat(CHAT, SECOND, FIRST), by(ADA))
        .expectEvents(new UserChatStarted(CHAT, SECOND))
        .expectResultMessagePayload(SECOND);
    chat.given(new UserChatStarted(CHAT, FIRST), new UserChatStarted(CHAT, SECOND))
        .when(new ContinueUserChat(CHAT, SessionId.next(), FIRST), by(ADA))
        .expectNoEvents()
        .expectResultMessagePayload(SECOND);
  }

  @Test
  void newConversationReturnsTheSessionThatItReplaces() {
    chat.given(new UserChatStarted(CHAT, FIRST))
        .when(new StartUserChat(CHAT, SECOND), by(ADA))
        .expectEvents(new UserChatStarted(CHAT, SECOND))
        .expectResultMessagePayload(FIRST);
    chat.given(new UserChatStarted(CHAT, SECOND))
        .when(new StartUserChat(CHAT, SECOND), by(ADA))
        .expectNoEvents();
  }

  @Test
  void chatOfAnotherUserIsNotFound() {
    for (var command :
        new Object[] {new StartUserChat(CHAT, SECOND), new ContinueUserChat(CHAT, SECOND, FIRST)})
      chat.given(new UserChatStarted(CHAT, FIRST))
          .when(command, by(UserId.next()))
          .expectException(RejectionException.class)
          .expectExceptionDetails(NotFound.of(CHAT))
          .expectNoEvents();
  }
}
