package io.agentledger.query.identity;

import io.agentledger.projection.identity.Invitations;
import io.agentledger.projection.identity.Keys;
import io.agentledger.projection.identity.Logins;
import io.agentledger.projection.identity.Tenants;
import io.agentledger.projection.identity.Users;
import io.agentledger.projection.ops.DeadLetters;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.store.credential.CredentialUses;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans that answer about tenants, people and what they act with. */
@Configuration(proxyBeanMethods = false)
public class IdentityQueryConfiguration {
  @Bean
  CredentialUses credentialUses(DataSource database) {
    return new CredentialUses(database);
  }

  @Bean
  IdentityTables identityTables(
      Tenants tenants,
      Users users,
      Keys keys,
      Logins logins,
      Invitations invitations,
      CredentialUses uses) {
    return new IdentityTables(tenants, users, keys, logins, invitations, uses);
  }

  @Bean
  Reading identityReading(
      @Qualifier("eventStore") EventStore store,
      Progress progress,
      DeadLetters letters,
      PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    return new Reading(store, progress, letters, reading);
  }

  @Bean
  IdentityViews identityViews(Opened opened, ObjectProvider<Clock> clock) {
    return new IdentityViews(opened, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  PeopleQueries peopleQueries(
      IdentityTables tables, IdentityViews views, Reading reading, Cursors cursors) {
    return new PeopleQueries(tables, views, reading, cursors);
  }

  @Bean
  CredentialQueries credentialQueries(
      IdentityTables tables, IdentityViews views, Reading reading, Cursors cursors) {
    return new CredentialQueries(tables, views, reading, cursors);
  }
}
