package io.agentledger.command.identity.user;

import io.agentledger.command.identity.shared.IdentitySettings;
import io.agentledger.command.identity.shared.InstallationSecrets;
import io.agentledger.command.identity.user.RegistrationCommandHandler.AccountCreator;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.crypto.SecretSealer;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.modelling.command.Repository;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for tenants and users. */
@Configuration(proxyBeanMethods = false)
@Import({Tenant.class, User.class, Invitation.class})
public class UserConfiguration {
  private static final String EMAIL_DIGEST_KEY = "addresses";
  private static final String SETUP_TOKEN = "setup-token";

  @Bean
  @DependsOnDatabaseInitialization
  AccountTable accounts(JdbcClient sql, DataSource database, SecretSealer secretSealer) {
    return new AccountTable(
        sql, new InstallationSecrets(database, secretSealer).findOrCreate(EMAIL_DIGEST_KEY));
  }

  @Bean
  PasswordHasher passwordHasher(IdentitySettings settings) {
    return new PasswordHasher(settings.hashing());
  }

  @Bean
  AccountCreator accountCreator(
      @Qualifier("userRepository") Repository<User> users,
      AccountTable accounts,
      PasswordHasher passwordHasher,
      Sealer sealer) {
    return new AccountCreator(users, accounts, passwordHasher, sealer);
  }

  @Bean
  RegistrationCommandHandler registrationCommandHandler(
      @Qualifier("tenantRepository") Repository<Tenant> tenants,
      AccountCreator accountCreator,
      IdentitySettings settings,
      SetupToken setupToken) {
    return new RegistrationCommandHandler(
        tenants, accountCreator, settings.registration(), setupToken);
  }

  @Bean
  @DependsOnDatabaseInitialization
  SetupToken setupToken(
      AccountTable accounts, NodeHome home, DataSource database, SecretSealer secretSealer) {
    return new SetupToken(
        accounts,
        home.root(),
        new InstallationSecrets(database, secretSealer).findOrCreate(SETUP_TOKEN));
  }

  @Bean
  InvitationCommandHandler invitationCommandHandler(
      @Qualifier("invitationRepository") Repository<Invitation> invitations,
      AccountCreator accountCreator,
      Clock clock,
      IdentitySettings settings) {
    return new InvitationCommandHandler(
        invitations, accountCreator, clock, settings.invitationTtl());
  }
}
