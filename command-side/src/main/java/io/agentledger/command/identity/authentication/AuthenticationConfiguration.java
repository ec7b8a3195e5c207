package io.agentledger.command.identity.authentication;

import io.agentledger.command.identity.authentication.CachingAuthenticator.LocalOwnerAuthenticator;
import io.agentledger.command.identity.authentication.CachingAuthenticator.UsageRecording;
import io.agentledger.command.identity.shared.AuthenticationPool;
import io.agentledger.command.identity.shared.IdentitySettings;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.store.credential.CredentialUsageTable;
import io.agentledger.store.event.LiveEventFeed;
import java.time.Clock;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who comes in. */
@Configuration(proxyBeanMethods = false)
public class AuthenticationConfiguration {
  @Bean
  CredentialLookupUpdater standingRecord(JdbcClient sql) {
    return new CredentialLookupUpdater(sql);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule standingProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(CredentialLookupUpdater.GROUP)
            .registerListenerInvocationErrorHandler(
                CredentialLookupUpdater.GROUP, c -> PropagatingErrorHandler.instance());
  }

  @Bean
  AuthenticationCache recentCallers(IdentitySettings settings) {
    return new AuthenticationCache(settings.cachedFor());
  }

  @Bean
  AuthenticationCacheInvalidator ownChanges(AuthenticationCache recent) {
    return new AuthenticationCacheInvalidator(recent);
  }

  @Bean
  CredentialUsageRecorder lastUses(AuthenticationPool pool) {
    return new CredentialUsageRecorder(new CredentialUsageTable(pool.connections()));
  }

  @Bean
  CachingAuthenticator callers(
      LocalOwnerAuthenticator owner,
      CredentialLookup lookup,
      AuthenticationCache recent,
      AuthenticationDependencies coming) {
    var callers =
        new CachingAuthenticator(
            owner, lookup, recent, new UsageRecording(coming.uses(), coming.clock()));
    callers.listenTo(coming.tail());
    return callers;
  }

  @Bean
  CredentialLookup callerLookup(AuthenticationPool pool, RoleScopes powers, Clock clock) {
    return new CredentialLookup(pool.connections(), powers, clock);
  }

  @Bean
  AuthenticationDependencies coming(CredentialUsageRecorder uses, LiveEventFeed tail, Clock clock) {
    return new AuthenticationDependencies(uses, tail, clock);
  }

  /** What goes with every coming in. */
  record AuthenticationDependencies(
      CredentialUsageRecorder uses, LiveEventFeed tail, Clock clock) {}
}
