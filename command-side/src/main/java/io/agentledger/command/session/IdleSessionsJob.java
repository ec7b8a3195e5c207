package io.agentledger.command.session;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.Stage;
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
 * Lets sessions expire, and puts them into the archive, when nobody used them for long. It only
 * proposes: a session in which anything happened since is silent. Safe on several nodes, and twice.
 */
final class IdleSessionsJob {
  static final String NAME = "check-idle-sessions";
  private static final Logger log = LoggerFactory.getLogger(IdleSessionsJob.class);
  private static final int AT_A_TIME = 100;
  private static final Set<Stage> EXPIRING = Set.of(Stage.OPEN);
  private static final Set<Stage> ARCHIVED = Set.of(Stage.OPEN, Stage.PAUSED, Stage.EXPIRED);

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
    } catch (CompletionException failed) {
      if (!(failed.getCause() instanceof NoHandlerForQueryException)) throw failed;
      log.atDebug().log("no side of this node knows which sessions rest");
    }
  }

  private void archiveAndExpire() {
    propose(
        idle(ARCHIVED, settings.archivedAfter()),
        idleSession -> new ArchiveIdleSession(idleSession.sessionId(), idleSession.sequence()));
    propose(
        idle(EXPIRING, settings.expiresAfter()),
        idleSession -> new ExpireSession(idleSession.sessionId(), idleSession.sequence()));
  }

  private List<IdleSession> idle(Set<Stage> stages, Duration rest) {
    var query = new ListIdleSessions(stages, clock.instant().minus(rest), AT_A_TIME);
    return queries.query(query, ResponseTypes.multipleInstancesOf(IdleSession.class)).join();
  }

  private void propose(List<IdleSession> idle, Function<IdleSession, SessionCommand> wish) {
    for (var idleSession : idle)
      try {
        commands.sendAndWait(
            GenericCommandMessage.asCommandMessage(wish.apply(idleSession))
                .withMetaData(by(idleSession)));
      } catch (RuntimeException failed) { // The next round tries again; the others do not wait.
        log.atWarn()
            .addKeyValue("sessionId", idleSession.sessionId())
            .setCause(failed)
            .log("an idle session could not be put away");
      }
  }

  private static Map<String, ?> by(IdleSession idleSession) {
    var house = new CredentialId(Ids.derived(CredentialId.PREFIX, "agentledger"));
    return new Provenance(idleSession.tenant(), Actor.SERVICE, house, Ids.random("req"))
        .asMetadata();
  }
}
