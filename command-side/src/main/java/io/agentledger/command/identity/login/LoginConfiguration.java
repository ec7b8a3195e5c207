package io.agentledger.command.identity.login;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.command.identity.ground.DoorPool;
import io.agentledger.command.identity.ground.IdentitySettings;
import io.agentledger.command.identity.ground.Powers;
import io.agentledger.command.identity.login.LoginDesk.Issuing;
import io.agentledger.command.identity.login.SignInDesk.Checking;
import io.agentledger.command.identity.people.Accounts;
import io.agentledger.command.identity.people.Hashing;
import io.agentledger.command.identity.people.User;
import io.agentledger.command.identity.token.AccessTokenIssuer;
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

/** Logins, and what is counted at the door. */
@Configuration(proxyBeanMethods = false)
@Import({Login.class, Door.class})
public class LoginConfiguration {
  private static final int EVENTS_PER_SNAPSHOT = 100;
  private static final Duration TELL_PAUSE = Duration.ofSeconds(30);
  private static final Duration PURGE_PAUSE = Duration.ofHours(1);

  @Bean
  SnapshotTriggerDefinition loginSnapshots(Snapshotter snapshotter) {
    return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS_PER_SNAPSHOT);
  }

  @Bean
  Throttle signInThrottle(DoorPool pool, Accounts accounts) {
    return new Throttle(pool.connections(), accounts);
  }

  @Bean
  Standings loginStandings(JdbcClient sql) {
    return new Standings(sql);
  }

  @Bean
  Refusals signInRefusals(
      JdbcClient sql,
      @Qualifier("doorRepository") Repository<Door> doors,
      Powers powers,
      Clock clock) {
    return new Refusals(sql, doors, powers.founding(), clock);
  }

  @Bean
  Issuing loginIssuing(
      Standings standings, AccessTokenIssuer tokens, IdentitySettings settings, Clock clock) {
    return new Issuing(standings, tokens, settings, clock);
  }

  @Bean
  LoginDesk loginDesk(
      @Qualifier("loginRepository") Repository<Login> logins, Accounts accounts, Issuing issuing) {
    return new LoginDesk(logins, accounts, issuing);
  }

  @Bean
  SignInDesk signInDesk(
      LoginDesk logins, @Qualifier("userRepository") Repository<User> users, Checking checking) {
    return new SignInDesk(logins, users, checking);
  }

  @Bean
  Checking passwordChecking(
      Accounts accounts, Hashing hashing, Throttle throttle, Refusals refusals) {
    return new Checking(accounts, hashing, throttle, refusals);
  }

  @Bean
  Task<Void> tellRefusals(ObjectProvider<CommandGateway> commands, Powers powers, Clock clock) {
    return Tasks.recurring(TellRefusalsJob.NAME, FixedDelay.of(TELL_PAUSE))
        .execute(
            (instance, context) ->
                new TellRefusalsJob(commands.getObject(), powers.founding(), clock).run());
  }

  @Bean
  Task<Void> purgeDoor(Throttle throttle, Standings standings) {
    return Tasks.recurring("purge-door", FixedDelay.of(PURGE_PAUSE))
        .execute(
            (instance, context) -> {
              throttle.purge();
              standings.purge();
            });
  }
}
