package io.agentledger.command.chat;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.chat.UserChatCommand;
import io.agentledger.api.chat.UserChatCommand.ContinueUserChat;
import io.agentledger.api.chat.UserChatCommand.StartUserChat;
import io.agentledger.api.chat.UserChatEvent.UserChatStarted;
import io.agentledger.api.chat.UserChatId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** Chat of one user: the session that the next message is sent to. */
@Aggregate(type = "UserChat")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class UserChat {
  @AggregateIdentifier private UserChatId id;
  private @Nullable SessionId session;

  UserChat() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  SessionId proceed(ContinueUserChat command, MetaData metaData) {
    requireOwner(command, metaData);
    var current = session;
    if (current != null && !current.equals(command.endedSessionId())) return current;
    apply(new UserChatStarted(command.chatId(), command.newSessionId()));
    return command.newSessionId();
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  @Nullable SessionId start(StartUserChat command, MetaData metaData) {
    requireOwner(command, metaData);
    var previous = session;
    if (command.newSessionId().equals(previous)) return null;
    apply(new UserChatStarted(command.chatId(), command.newSessionId()));
    return previous;
  }

  /** Rejects the command of another user, of this tenant or another one. */
  private static void requireOwner(UserChatCommand command, MetaData metaData) {
    var isOwner =
        Caller.of(metaData)
            .filter(caller -> UserChatId.of(caller.user()).equals(command.chatId()))
            .isPresent();
    if (!isOwner) throw new RejectionException(NotFound.of(command.chatId()));
  }

  @EventSourcingHandler
  void on(UserChatStarted event) {
    id = event.chatId();
    session = event.sessionId();
  }
}
