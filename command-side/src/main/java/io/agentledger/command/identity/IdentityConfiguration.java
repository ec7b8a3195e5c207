package io.agentledger.command.identity;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.SigningKeyCommand.AgeSigningKeys;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.shared.Ids;
import io.agentledger.command.identity.caller.CallerConfiguration;
import io.agentledger.command.identity.caller.Callers.OwnerKnown;
import io.agentledger.command.identity.ground.DoorPool;
import io.agentledger.command.identity.ground.IdentitySettings;
import io.agentledger.command.identity.ground.Powers;
import io.agentledger.command.identity.ground.Stamp;
import io.agentledger.command.identity.key.KeyConfiguration;
import io.agentledger.command.identity.login.LoginConfiguration;
import io.agentledger.command.identity.people.PeopleConfiguration;
import io.agentledger.command.identity.ticket.TicketConfiguration;
import io.agentledger.command.identity.token.TokenConfiguration;
import io.agentledger.command.support.FirstEnvironments;
import io.agentledger.command.support.InstallationOwner;
import io.agentledger.command.support.Surroundings;
import io.agentledger.store.Home;
import java.time.Duration;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who may do what; and the local owner, with the agent and environment that come with the house.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DefaultSettings.class, IdentitySettings.class})
@Import({
  PeopleConfiguration.class,
  LoginConfiguration.class,
  KeyConfiguration.class,
  TokenConfiguration.class,
  CallerConfiguration.class,
  TicketConfiguration.class
})
public class IdentityConfiguration {
  private static final Duration KEY_PAUSE = Duration.ofHours(1);

  @Bean
  LocalOwners localOwners(JdbcClient sql) {
    return new LocalOwners(sql);
  }

  @Bean
  LocalOwner localOwner(LocalOwners owners) {
    return owners.establish();
  }

  @Bean
  LocalAdoption localAdoption(LocalOwner owner, CommandGateway commands) {
    return new LocalAdoption(owner, commands);
  }

  @Bean
  Powers powers(LocalOwner owner) {
    return new Powers(owner.tenant());
  }

  /** The keyring's and the migrations' connection details, for a few connections more. */
  @Bean
  @DependsOnDatabaseInitialization
  DoorPool doorPool(JdbcConnectionDetails database) {
    return new DoorPool(database);
  }

  @Bean
  Task<Void> ageSigningKeys(ObjectProvider<CommandGateway> commands, LocalOwner owner) {
    return Tasks.recurring("age-signing-keys", FixedDelay.of(KEY_PAUSE))
        .execute(
            (instance, context) ->
                commands
                    .getObject()
                    .sendAndWait(
                        new AgeSigningKeys(), Stamp.house(owner.tenant(), "job_age-signing-keys")));
  }

  @Bean
  OwnerKnown ownerKnown(LocalOwner owner, LocalOwners owners, Home home) {
    return new OwnerCredentials(owner, owners, KeyFile.in(home.root()), home.node());
  }

  @Bean
  InstallationOwner installationOwner(LocalOwner owner) {
    return new InstallationOwner(owner.user());
  }

  @Bean
  Surroundings surroundings(LocalOwner owner, DefaultSettings defaults) {
    return new Surroundings(
        agent(owner, defaults),
        new RunOptions(
            defaults.model(),
            PermissionMode.DEFAULT,
            List.of(),
            List.of(),
            defaults.maxTurns(),
            defaults.timeout()));
  }

  private static AgentSnapshot agent(LocalOwner owner, DefaultSettings defaults) {
    return new AgentSnapshot(
        owner.agent(),
        1,
        "claude",
        new AgentSnapshot.Model(defaults.model(), "default", "default"),
        AgentSnapshot.SystemPrompt.PRESET,
        AgentSnapshot.BUILT_IN_TOOLS,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The first tenant has had its own since before there were others. */
  @Bean
  FirstEnvironments firstEnvironments(LocalOwner owner) {
    return tenant ->
        tenant.equals(owner.tenant())
            ? owner.environment()
            : new EnvironmentId(Ids.derived(EnvironmentId.PREFIX, tenant.value()));
  }
}
