package io.agentledger.command.identity;

import io.agentledger.api.identity.command.SigningKeyCommand.MaintainSigningKeys;
import io.agentledger.api.identity.command.UserCommand.RegisterLocalOwner;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.user.SetupToken;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.context.SmartLifecycle;

/**
 * Records the owner of the installation and creates a signing key, before the servers start. Runs
 * at every start on every node; what exists already is kept.
 */
final class LocalOwnerInitializer implements SmartLifecycle {
  /** Starts after command handling and before the servers. */
  private static final int PHASE = Integer.MAX_VALUE - 3000;

  private final LocalOwner owner;
  private final CommandGateway commands;
  private final SetupToken setupToken;
  private volatile boolean running;

  LocalOwnerInitializer(LocalOwner owner, CommandGateway commands, SetupToken setupToken) {
    this.owner = owner;
    this.commands = commands;
    this.setupToken = setupToken;
  }

  @Override
  public void start() {
    var systemMetaData = EventMetadata.forSystem(owner.tenant(), "start");
    commands.sendAndWait(new RegisterLocalOwner(owner.user(), owner.tenant()), systemMetaData);
    commands.sendAndWait(new MaintainSigningKeys(), systemMetaData);
    setupToken.publish();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
