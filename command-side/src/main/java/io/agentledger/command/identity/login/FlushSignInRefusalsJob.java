package io.agentledger.command.identity.login;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.LoginCommand.FlushSignInRefusals;
import io.agentledger.command.identity.shared.EventMetadata;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Records the counted sign-in refusals of past minutes. */
final class FlushSignInRefusalsJob {
  static final String NAME = "flush-sign-in-refusals";

  private final CommandGateway commands;
  private final TenantId foundingTenant;
  private final Clock clock;

  FlushSignInRefusalsJob(CommandGateway commands, TenantId foundingTenant, Clock clock) {
    this.commands = commands;
    this.foundingTenant = foundingTenant;
    this.clock = clock;
  }

  void run() {
    var before = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    Integer flushed;
    do
      flushed =
          commands.sendAndWait(
              new FlushSignInRefusals(before),
              EventMetadata.forSystem(foundingTenant, "job_" + NAME));
    while (flushed == SignInRefusalRecorder.ROWS_MAX);
  }
}
