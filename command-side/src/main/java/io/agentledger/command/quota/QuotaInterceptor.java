package io.agentledger.command.quota;

import io.agentledger.api.quota.QuotaCommand.ClaimStorage;
import io.agentledger.api.quota.QuotaCommand.ReservationType;
import io.agentledger.api.quota.QuotaCommand.ReserveRuns;
import io.agentledger.api.quota.QuotaSubject;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import java.time.Clock;
import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Reserves quota before a session accepts a command, in the same transaction: first the quota
 * decides, then the session, and if either rejects, nothing is recorded. A repeated command that is
 * answered with its stored answer does not reach this interceptor.
 */
final class QuotaInterceptor implements MessageHandlerInterceptor<CommandMessage<?>> {
  private final CommandGateway commands;
  private final QuotaSettings settings;
  private final Clock clock;

  QuotaInterceptor(CommandGateway commands, QuotaSettings settings, Clock clock) {
    this.commands = commands;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    var message = unit.getMessage();
    switch (message.getPayload()) {
      case SubmitInputs submit ->
          reserve(submit.sessionId(), submit.inputs(), QuotaContext.from(message.getMetaData()));
      case OpenSession open -> {
        claim(open, QuotaContext.from(message.getMetaData()));
        reserve(open.sessionId(), open.inputs(), QuotaContext.from(message.getMetaData()));
      }
      default -> {}
    }
    return chain.proceed();
  }

  private void reserve(SessionId session, List<Input> inputs, QuotaContext quotaContext) {
    var runs =
        inputs.stream()
            .filter(Input.Prompt.class::isInstance)
            .map(prompt -> ((Input.Prompt) prompt).runId())
            .toList();
    if (runs.isEmpty() || quotaContext.user().isEmpty()) return;
    var now = clock.instant();
    commands.sendAndWait(
        quotaContext.toCommandMessage(
            new ReserveRuns(
                quotaContext.quota(),
                new QuotaSubject(session, quotaContext.user().get()),
                ReservationType.RUN,
                runs,
                settings.chunk(),
                now,
                now.plus(settings.reservationTimeout()))));
  }

  private void claim(OpenSession open, QuotaContext quotaContext) {
    long bytes = open.workspaceSpec().workspace().bytes();
    if (bytes == 0) return;
    var quotaSubject = new QuotaSubject(open.sessionId(), open.ownerId());
    commands.sendAndWait(
        quotaContext.toCommandMessage(new ClaimStorage(quotaContext.quota(), quotaSubject, bytes)));
  }
}
