package io.agentledger.command.claude.record;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.ops.DatabaseOutage;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.HandlerExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends commands, with retries while the store is unavailable; all commands are idempotent. */
public final class RetryingCommandGateway implements SessionCommandGateway {
  private static final Logger log = LoggerFactory.getLogger(RetryingCommandGateway.class);
  private static final Duration PAUSE_FIRST = Duration.ofMillis(50);
  private static final int TRIES_MAX = 10; // 50 ms doubled nine times: about 25 s in all

  private final CommandGateway commands;

  public RetryingCommandGateway(CommandGateway commands) {
    this.commands = commands;
  }

  @Override
  public void send(
      SessionId session, Supplier<? extends SessionCommand> command, Provenance provenance) {
    Duration pause = PAUSE_FIRST;
    for (int attempt = 1; ; attempt++) {
      try {
        commands.sendAndWait(
            GenericCommandMessage.<Object>asCommandMessage(command.get())
                .withMetaData(provenance.asMetadata()));
        return;
      } catch (RuntimeException failed) {
        findRejection(failed).ifPresent(RetryingCommandGateway::throwRejection);
        if (attempt == TRIES_MAX) {
          throw failed;
        }
        logRetry(session, pause, failed);
        sleep(pause, failed);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private static void logRetry(SessionId session, Duration pause, RuntimeException failed) {
    var warning =
        log.atWarn().addKeyValue("sessionId", session).addKeyValue("pauseMillis", pause.toMillis());
    DatabaseOutage.findCause(failed)
        .ifPresentOrElse(
            outage ->
                warning
                    .addKeyValue("cause", outage.toString())
                    .log("recording failed, because the database does not respond; retrying"),
            () -> warning.setCause(failed).log("recording failed; retrying"));
  }

  private static void throwRejection(Rejection rejection) {
    throw new RejectionException(rejection);
  }

  private static Optional<Rejection> findRejection(Throwable failed) {
    for (Throwable current = failed; current != null; current = current.getCause()) {
      if (current instanceof HandlerExecutionException carrying) {
        Optional<Object> details = carrying.getDetails();
        if (details.isPresent() && details.get() instanceof Rejection rejection) {
          return Optional.of(rejection);
        }
      }
    }
    return Optional.empty();
  }

  private static void sleep(Duration pause, RuntimeException failed) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failed;
    }
  }
}
