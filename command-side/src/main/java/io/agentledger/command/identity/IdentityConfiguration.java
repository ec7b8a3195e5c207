package io.agentledger.command.identity;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.Credentials;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.command.support.InstallationOwner;
import io.agentledger.command.support.People;
import io.agentledger.command.support.Surroundings;
import io.agentledger.store.Home;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The local owner, with the agent and the environment that come with the house. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DefaultSettings.class)
public class IdentityConfiguration {

  @Bean
  LocalOwners localOwners(JdbcClient sql) {
    return new LocalOwners(sql);
  }

  @Bean
  LocalOwner localOwner(LocalOwners owners) {
    return owners.establish();
  }

  @Bean
  Credentials credentials(LocalOwner owner, LocalOwners owners, Home home) {
    return new OwnerCredentials(owner, owners, KeyFile.in(home.root()), home.node());
  }

  @Bean
  People people(LocalOwner owner) {
    return (tenant, user) -> tenant.equals(owner.tenant()) && user.equals(owner.user());
  }

  @Bean
  InstallationOwner installationOwner(LocalOwner owner) {
    return new InstallationOwner(owner.user());
  }

  @Bean
  Surroundings surroundings(LocalOwner owner, DefaultSettings defaults) {
    return new Surroundings(
        agent(owner, defaults),
        environment(owner),
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

  private static EnvironmentSnapshot environment(LocalOwner owner) {
    return new EnvironmentSnapshot(
        owner.environment(),
        "local",
        EnvironmentSnapshot.Kind.LOCAL,
        new EnvironmentSnapshot.Network.Closed(),
        Map.of(),
        new EnvironmentSnapshot.Limits(0, 0, 0), // The box enforces none yet; none is claimed.
        List.of(),
        List.of());
  }
}
