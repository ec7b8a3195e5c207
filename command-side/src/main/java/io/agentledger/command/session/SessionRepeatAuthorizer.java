package io.agentledger.command.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.RepeatAuthorizer;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Check that a caller who repeats a command still sees its session. Whether the session accepts
 * commands does not matter: a closed or archived one accepted this command before.
 */
record SessionRepeatAuthorizer(Repository<Session> sessions) implements RepeatAuthorizer {
  @Override
  public void authorize(CommandMessage<?> command, @Nullable Object firstAnswer) {
    var metaData = command.getMetaData();
    if (!(command.getPayload() instanceof SessionCommand payload) || Caller.of(metaData).isEmpty())
      return;
    if (payload instanceof DeleteSession) return; // Its answer is empty.
    var session =
        firstAnswer instanceof SubmitResult submitted
            ? submitted.sessionId() // The one that a repeated opening names is not opened.
            : payload.sessionId();
    if (!sessions.load(session.value()).invoke(loaded -> loaded.isVisible(metaData)))
      throw new RejectionException(new NotFound("session", session.value()));
  }
}
