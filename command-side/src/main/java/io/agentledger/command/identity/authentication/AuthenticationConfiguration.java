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
  AuthenticationCacheInvalidator ownChanges(AuthenticationCache authenticationCache) {
    return new AuthenticationCacheInvalidator(authenticationCache);
  }

  @Bean
  CredentialUsageRecorder lastUses(AuthenticationPool pool) {
    return new CredentialUsageRecorder(new CredentialUsageTable(pool.connections()));
  }

  @Bean
  CachingAuthenticator callers(
      LocalOwnerAuthenticator owner,
      CredentialLookup lookup,
      AuthenticationCache authenticationCache,
      AuthenticationDependencies authenticationDependencies) {
    var cachingAuthenticator =
        new CachingAuthenticator(
            owner,
            lookup,
            authenticationCache,
            new UsageRecording(
                authenticationDependencies.uses(), authenticationDependencies.clock()));
    cachingAuthenticator.listenTo(authenticationDependencies.tail());
    return cachingAuthenticator;
  }

  @Bean
  CredentialLookup callerLookup(AuthenticationPool pool, RoleScopes roleScopes, Clock clock) {
    return new CredentialLookup(pool.connections(), roleScopes, clock);
  }

  @Bean
  AuthenticationDependencies coming(
      CredentialUsageRecorder credentialUsageRecorder, LiveEventFeed liveEventFeed, Clock clock) {
    return new AuthenticationDependencies(credentialUsageRecorder, liveEventFeed, clock);
  }

  /** What goes with every coming in. */
  record AuthenticationDependencies(
      CredentialUsageRecorder uses, LiveEventFeed tail, Clock clock) {}
}
