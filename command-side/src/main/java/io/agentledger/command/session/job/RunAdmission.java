package io.agentledger.command.session.job;

import io.agentledger.api.identity.Actor.ActorType;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionLifecycleCommand.RefuseRun;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.support.AccountStatus;
import io.agentledger.command.support.AccountStatus.Inactivity;
import io.agentledger.store.support.BoundedMap;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a run may begin: none of a suspended tenant or a disabled user does. Runs that an
 * agent, a trigger or a channel sent count for the user who opened their session. Thread-safe.
 */
final class RunAdmission {
  private static final int OWNERS_MAX = 10_000;

  private final AccountStatus accounts;
  private final EventStore store;
  private final CommandGateway commands;
  private final Map<SessionId, UserId> owners =
      Collections.synchronizedMap(BoundedMap.accessOrdered(OWNERS_MAX));

  RunAdmission(AccountStatus accounts, EventStore store, CommandGateway commands) {
    this.accounts = accounts;
    this.store = store;
    this.commands = commands;
  }

  /** Returns why the run of a query may not begin; empty if it may. */
  Optional<Inactivity> findObstacle(SessionId session, Provenance sender) {
    return findUser(session, sender)
        .flatMap(user -> accounts.findInactivity(sender.tenant(), user));
  }

  /** Finds the user for whom a query is executed; empty if its session is not committed yet. */
  Optional<UserId> findUser(SessionId session, Provenance sender) {
    var actor = sender.actor();
    return actor.type() == ActorType.USER
        ? Optional.of(new UserId(actor.id()))
        : findOwner(session);
  }

  private Optional<UserId> findOwner(SessionId session) {
    @Nullable UserId known = owners.get(session);
    if (known != null) return Optional.of(known);
    var events = store.readEvents(session.value());
    if (!events.hasNext() || !(events.next().getPayload() instanceof SessionOpened opened))
      return Optional.empty();
    owners.put(session, opened.ownerId());
    return Optional.of(opened.ownerId());
  }

  /**
   * Ends a run that may not begin, or requests the process that executes it to stop. Idempotent.
   *
   * @return whether the run has ended
   */
  boolean refuse(SessionId session, RunId run, Provenance sender, Inactivity inactivity) {
    var command =
        switch (inactivity) {
          case TENANT_SUSPENDED ->
              new RefuseRun(
                  session,
                  run,
                  Failure.TENANT_SUSPENDED,
                  "The tenant is suspended. Send the query again when it is resumed.");
          case USER_DISABLED ->
              new RefuseRun(
                  session,
                  run,
                  Failure.USER_DISABLED,
                  "The user who sent the query is disabled. Enable the user, or send the query as"
                      + " another one.");
        };
    boolean ended =
        commands.sendAndWait(
            GenericCommandMessage.asCommandMessage(command)
                .withMetaData(sender.asService().asMetadata()));
    return ended;
  }
}
