package io.agentledger.command.identity.authentication;

import io.agentledger.command.identity.authentication.CachingAuthenticator.LocalOwnerAuthenticator;
import io.agentledger.command.identity.authentication.CachingAuthenticator.UsageRecording;
import io.agentledger.command.identity.shared.AuthenticationPool;
import io.agentledger.command.identity.shared.IdentitySettings;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.command.support.AccountStatus;
import io.agentledger.command.support.InstallationOwner;
import io.agentledger.store.credential.CredentialUsageTable;
import io.agentledger.store.event.LiveEventFeed;
import java.time.Clock;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for authentication. */
@Configuration(proxyBeanMethods = false)
public class AuthenticationConfiguration {
  @Bean
  CredentialLookupUpdater credentialLookupUpdater(JdbcClient sql) {
    return new CredentialLookupUpdater(sql);
  }

  /** Processes events in their own transaction, so that a failure of the updater rolls it back. */
  @Bean
  ConfigurerModule credentialLookupProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(CredentialLookupUpdater.GROUP)
            .registerListenerInvocationErrorHandler(
                CredentialLookupUpdater.GROUP, c -> PropagatingErrorHandler.instance());
  }

  @Bean
  AuthenticationCache authenticationCache(IdentitySettings settings) {
    return new AuthenticationCache(settings.cacheTtl());
  }

  @Bean
  AuthenticationCacheInvalidator authenticationCacheInvalidator(
      AuthenticationCache authenticationCache) {
    return new AuthenticationCacheInvalidator(authenticationCache);
  }

  @Bean
  AccountStatus accountStatus(
      AuthenticationCache authenticationCache, CredentialLookup lookup, InstallationOwner owner) {
    return new CachedAccountStatus(authenticationCache, lookup, owner);
  }

  @Bean
  CredentialUsageRecorder credentialUsageRecorder(AuthenticationPool pool) {
    return new CredentialUsageRecorder(new CredentialUsageTable(pool.dataSource()));
  }

  @Bean
  CachingAuthenticator cachingAuthenticator(
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
                authenticationDependencies.usageRecorder(), authenticationDependencies.clock()));
    cachingAuthenticator.invalidateOn(authenticationDependencies.eventFeed());
    return cachingAuthenticator;
  }

  @Bean
  CredentialLookup credentialLookup(AuthenticationPool pool, RoleScopes roleScopes, Clock clock) {
    return new CredentialLookup(pool.dataSource(), roleScopes, clock);
  }

  @Bean
  AuthenticationDependencies authenticationDependencies(
      CredentialUsageRecorder credentialUsageRecorder, LiveEventFeed liveEventFeed, Clock clock) {
    return new AuthenticationDependencies(credentialUsageRecorder, liveEventFeed, clock);
  }

  /** Services that every kind of authentication uses. */
  record AuthenticationDependencies(
      CredentialUsageRecorder usageRecorder, LiveEventFeed eventFeed, Clock clock) {}
}
