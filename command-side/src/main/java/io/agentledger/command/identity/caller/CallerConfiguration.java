package io.agentledger.command.identity.caller;

import io.agentledger.command.identity.caller.Callers.Noting;
import io.agentledger.command.identity.caller.Callers.OwnerKnown;
import io.agentledger.command.identity.ground.DoorPool;
import io.agentledger.command.identity.ground.IdentitySettings;
import io.agentledger.command.identity.ground.Powers;
import io.agentledger.store.credential.CredentialUses;
import io.agentledger.store.event.Tail;
import java.time.Clock;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who comes in. */
@Configuration(proxyBeanMethods = false)
public class CallerConfiguration {
  @Bean
  StandingRecord standingRecord(JdbcClient sql) {
    return new StandingRecord(sql);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule standingProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(StandingRecord.GROUP)
            .registerListenerInvocationErrorHandler(
                StandingRecord.GROUP, c -> PropagatingErrorHandler.instance());
  }

  @Bean
  RecentCallers recentCallers(IdentitySettings settings) {
    return new RecentCallers(settings.cachedFor());
  }

  @Bean
  OwnChanges ownChanges(RecentCallers recent) {
    return new OwnChanges(recent);
  }

  @Bean
  LastUses lastUses(DoorPool pool) {
    return new LastUses(new CredentialUses(pool.connections()));
  }

  @Bean
  Callers callers(OwnerKnown owner, Lookup lookup, RecentCallers recent, Coming coming) {
    var callers = new Callers(owner, lookup, recent, new Noting(coming.uses(), coming.clock()));
    callers.listenTo(coming.tail());
    return callers;
  }

  @Bean
  Lookup callerLookup(DoorPool pool, Powers powers, Clock clock) {
    return new Lookup(pool.connections(), powers, clock);
  }

  @Bean
  Coming coming(LastUses uses, Tail tail, Clock clock) {
    return new Coming(uses, tail, clock);
  }

  /** What goes with every coming in. */
  record Coming(LastUses uses, Tail tail, Clock clock) {}
}
