package io.agentledger.command.identity.login;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.LoginCommand.FlushSignInRefusals;
import io.agentledger.command.identity.shared.EventMetadata;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Puts the refusals of the minutes that are over on the record. */
final class FlushSignInRefusalsJob {
  static final String NAME = "flush-sign-in-refusals";

  private final CommandGateway commands;
  private final TenantId founding;
  private final Clock clock;

  FlushSignInRefusalsJob(CommandGateway commands, TenantId founding, Clock clock) {
    this.commands = commands;
    this.founding = founding;
    this.clock = clock;
  }

  void run() {
    var before = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    Integer told;
    do
      told =
          commands.sendAndWait(
              new FlushSignInRefusals(before), EventMetadata.forSystem(founding, "job_" + NAME));
    while (told == SignInRefusalRecorder.ROWS_MAX);
  }
}
