package io.agentledger.query.identity;

import io.agentledger.projection.identity.ApiKeyRowRepository;
import io.agentledger.projection.identity.InvitationRowRepository;
import io.agentledger.projection.identity.LoginRowRepository;
import io.agentledger.projection.identity.TenantRowRepository;
import io.agentledger.projection.identity.UserRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.credential.CredentialUsageTable;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Query handlers for tenants, users and credentials. */
@Configuration(proxyBeanMethods = false)
public class IdentityQueryConfiguration {
  @Bean
  CredentialUsageTable credentialUses(DataSource database) {
    return new CredentialUsageTable(database);
  }

  @Bean
  IdentityRepositories identityTables(
      TenantRowRepository tenants,
      UserRowRepository users,
      ApiKeyRowRepository keys,
      LoginRowRepository logins,
      InvitationRowRepository invitations,
      CredentialUsageTable credentialUsageTable) {
    return new IdentityRepositories(
        tenants, users, keys, logins, invitations, credentialUsageTable);
  }

  @Bean
  IdentityViewMapper identityViews(ContentReader contentReader, ObjectProvider<Clock> clock) {
    return new IdentityViewMapper(contentReader, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  UserQueryHandler userQueries(
      IdentityRepositories identityRepositories,
      IdentityViewMapper views,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    return new UserQueryHandler(identityRepositories, views, readModelAccess, cursorCodec);
  }

  @Bean
  CredentialQueryHandler credentialQueries(
      IdentityRepositories identityRepositories,
      IdentityViewMapper views,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec,
      ProjectionFreshness freshness) {
    return new CredentialQueryHandler(
        identityRepositories, views, readModelAccess, cursorCodec, freshness);
  }
}
