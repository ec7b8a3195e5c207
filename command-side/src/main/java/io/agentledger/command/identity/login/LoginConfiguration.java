package io.agentledger.command.identity.login;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.command.identity.login.LoginCommandHandler.TokenIssuing;
import io.agentledger.command.identity.login.SignInCommandHandler.PasswordChecking;
import io.agentledger.command.identity.shared.AuthenticationPool;
import io.agentledger.command.identity.shared.IdentitySettings;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.command.identity.token.AccessTokenIssuer;
import io.agentledger.command.identity.user.AccountTable;
import io.agentledger.command.identity.user.PasswordHasher;
import io.agentledger.command.identity.user.User;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.modelling.command.Repository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for logins and the throttling of sign-ins. */
@Configuration(proxyBeanMethods = false)
@Import({Login.class, SignInRefusals.class})
public class LoginConfiguration {
  private static final int EVENTS_PER_SNAPSHOT = 100;
  private static final Duration REFUSALS_FLUSH_INTERVAL = Duration.ofSeconds(30);
  private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

  @Bean
  SnapshotTriggerDefinition loginSnapshots(Snapshotter snapshotter) {
    return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS_PER_SNAPSHOT);
  }

  @Bean
  SignInThrottle signInThrottle(AuthenticationPool pool, AccountTable accounts) {
    return new SignInThrottle(pool.dataSource(), accounts);
  }

  @Bean
  LoginTable loginTable(JdbcClient sql) {
    return new LoginTable(sql);
  }

  @Bean
  SignInRefusalRecorder signInRefusals(
      JdbcClient sql,
      @Qualifier("signInRefusalsRepository") Repository<SignInRefusals> signInRefusals,
      RoleScopes roleScopes,
      Clock clock) {
    return new SignInRefusalRecorder(sql, signInRefusals, roleScopes.foundingTenant(), clock);
  }

  @Bean
  TokenIssuing tokenIssuing(
      LoginTable loginTable, AccessTokenIssuer tokens, IdentitySettings settings, Clock clock) {
    return new TokenIssuing(loginTable, tokens, settings, clock);
  }

  @Bean
  LoginCommandHandler loginCommandHandler(
      @Qualifier("loginRepository") Repository<Login> logins,
      AccountTable accounts,
      TokenIssuing issuing) {
    return new LoginCommandHandler(logins, accounts, issuing);
  }

  @Bean
  SignInCommandHandler signInCommandHandler(
      LoginCommandHandler logins,
      @Qualifier("userRepository") Repository<User> users,
      PasswordChecking checking) {
    return new SignInCommandHandler(logins, users, checking);
  }

  @Bean
  PasswordChecking passwordChecking(
      AccountTable accounts,
      PasswordHasher passwordHasher,
      SignInThrottle throttle,
      SignInRefusalRecorder refusals) {
    return new PasswordChecking(accounts, passwordHasher, throttle, refusals);
  }

  @Bean
  Task<Void> flushSignInRefusals(
      ObjectProvider<CommandGateway> commands, RoleScopes roleScopes, Clock clock) {
    return Tasks.recurring(FlushSignInRefusalsJob.NAME, FixedDelay.of(REFUSALS_FLUSH_INTERVAL))
        .execute(
            (instance, context) ->
                new FlushSignInRefusalsJob(commands.getObject(), roleScopes.foundingTenant(), clock)
                    .run());
  }

  @Bean
  Task<Void> purgeSignInAttempts(SignInThrottle throttle, LoginTable loginTable) {
    return Tasks.recurring("purge-sign-in-attempts", FixedDelay.of(PURGE_INTERVAL))
        .execute(
            (instance, context) -> {
              throttle.purge();
              loginTable.purge();
            });
  }
}
