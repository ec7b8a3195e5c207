package io.agentledger.command.identity.people;

import io.agentledger.command.identity.ground.HouseSecrets;
import io.agentledger.command.identity.ground.IdentitySettings;
import io.agentledger.command.identity.people.Registrar.Joiners;
import io.agentledger.command.support.People;
import io.agentledger.store.content.Sealer;
import io.agentledger.store.content.Vaulting;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.modelling.command.Repository;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tenants and people. */
@Configuration(proxyBeanMethods = false)
@Import({Tenant.class, User.class, Invitation.class})
public class PeopleConfiguration {
  private static final String ADDRESSES = "addresses";

  @Bean
  @DependsOnDatabaseInitialization
  Accounts accounts(JdbcClient sql, DataSource database, Vaulting vaulting) {
    return new Accounts(sql, new HouseSecrets(database, vaulting).of(ADDRESSES));
  }

  @Bean
  People people(Accounts accounts) {
    return accounts::isOf;
  }

  @Bean
  Hashing hashing(IdentitySettings settings) {
    return new Hashing(settings.hashing());
  }

  @Bean
  Joiners joiners(
      @Qualifier("userRepository") Repository<User> users,
      Accounts accounts,
      Hashing hashing,
      Sealer sealer) {
    return new Joiners(users, accounts, hashing, sealer);
  }

  @Bean
  Registrar registrar(
      @Qualifier("tenantRepository") Repository<Tenant> tenants,
      Joiners joiners,
      IdentitySettings settings) {
    return new Registrar(tenants, joiners, settings.registration());
  }

  @Bean
  Inviter inviter(
      @Qualifier("invitationRepository") Repository<Invitation> invitations,
      Joiners joiners,
      Clock clock,
      IdentitySettings settings) {
    return new Inviter(invitations, joiners, clock, settings.invitationFor());
  }
}
