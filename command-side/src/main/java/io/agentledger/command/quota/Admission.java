package io.agentledger.command.quota;

import io.agentledger.api.quota.Holder;
import io.agentledger.api.quota.QuotaCommand.ClaimStorage;
import io.agentledger.api.quota.QuotaCommand.Kind;
import io.agentledger.api.quota.QuotaCommand.Reserve;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionCommand.Submit;
import java.time.Clock;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Makes room before a session takes anything in, in the same transaction: first the quota decides,
 * then the session, and if one of them says no nothing has happened. A repeated wish that is
 * answered with its first answer does not come this far.
 */
final class Admission implements MessageHandlerInterceptor<CommandMessage<?>> {
  private final CommandGateway commands;
  private final QuotaSettings settings;
  private final Clock clock;

  Admission(CommandGateway commands, QuotaSettings settings, Clock clock) {
    this.commands = commands;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    var message = unit.getMessage();
    switch (message.getPayload()) {
      case Submit submit -> reserve(submit, Spender.of(message.getMetaData()));
      case OpenSession open -> claim(open, Spender.of(message.getMetaData()));
      default -> {}
    }
    return chain.proceed();
  }

  private void reserve(Submit submit, Spender spender) {
    var runs =
        submit.inputs().stream()
            .filter(Input.Prompt.class::isInstance)
            .map(prompt -> ((Input.Prompt) prompt).runId())
            .toList();
    if (runs.isEmpty() || spender.user().isEmpty()) return;
    var now = clock.instant();
    commands.sendAndWait(
        spender.message(
            new Reserve(
                spender.quota(),
                new Holder(submit.sessionId(), spender.user().get()),
                Kind.RUN,
                runs,
                settings.chunk(),
                now,
                now.plus(settings.patience()))));
  }

  private void claim(OpenSession open, Spender spender) {
    long bytes = open.place().workspace().bytes();
    if (bytes == 0) return;
    var holder = new Holder(open.sessionId(), open.owner());
    commands.sendAndWait(spender.message(new ClaimStorage(spender.quota(), holder, bytes)));
  }
}
