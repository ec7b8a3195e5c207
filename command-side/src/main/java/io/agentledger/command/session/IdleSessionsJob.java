package io.agentledger.command.session;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveIdleSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ExpireSession;
import io.agentledger.api.session.query.IdleSession;
import io.agentledger.api.session.query.IdleSessionQuery.ListIdleSessions;
import io.agentledger.api.shared.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.axonframework.queryhandling.QueryGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Expires and archives sessions that were not used for long. The session ignores the command if it
 * has newer events. Idempotent, also on several nodes.
 */
final class IdleSessionsJob {
  static final String NAME = "check-idle-sessions";
  private static final Logger log = LoggerFactory.getLogger(IdleSessionsJob.class);
  private static final int BATCH_SIZE = 100;
  private static final Set<LifecycleStatus> EXPIRABLE = Set.of(LifecycleStatus.OPEN);
  private static final Set<LifecycleStatus> ARCHIVABLE =
      Set.of(LifecycleStatus.OPEN, LifecycleStatus.PAUSED, LifecycleStatus.EXPIRED);

  private final QueryGateway queries;
  private final CommandGateway commands;
  private final SessionSettings settings;
  private final Clock clock;

  IdleSessionsJob(
      QueryGateway queries, CommandGateway commands, SessionSettings settings, Clock clock) {
    this.queries = queries;
    this.commands = commands;
    this.settings = settings;
    this.clock = clock;
  }

  void run() {
    try {
      archiveAndExpire();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof NoHandlerForQueryException)) throw e;
      log.atDebug().log("this node cannot list idle sessions");
    }
  }

  private void archiveAndExpire() {
    sendAll(
        findIdle(ARCHIVABLE, settings.archiveAfter()),
        idleSession -> new ArchiveIdleSession(idleSession.sessionId(), idleSession.sequence()));
    sendAll(
        findIdle(EXPIRABLE, settings.expireAfter()),
        idleSession -> new ExpireSession(idleSession.sessionId(), idleSession.sequence()));
  }

  private List<IdleSession> findIdle(Set<LifecycleStatus> lifecycles, Duration idleTime) {
    var query = new ListIdleSessions(lifecycles, clock.instant().minus(idleTime), BATCH_SIZE);
    return queries.query(query, ResponseTypes.multipleInstancesOf(IdleSession.class)).join();
  }

  private void sendAll(List<IdleSession> idle, Function<IdleSession, SessionCommand> toCommand) {
    for (var idleSession : idle)
      try {
        commands.sendAndWait(
            GenericCommandMessage.asCommandMessage(toCommand.apply(idleSession))
                .withMetaData(systemMetadata(idleSession)));
      } catch (RuntimeException e) { // The job tries again the next time.
        log.atWarn()
            .addKeyValue("sessionId", idleSession.sessionId())
            .setCause(e)
            .log("could not expire or archive an idle session");
      }
  }

  private static Map<String, ?> systemMetadata(IdleSession idleSession) {
    return Provenance.ofSystem(idleSession.tenant(), Ids.random("req")).asMetadata();
  }
}
