package io.agentledger.command.identity;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.Credentials;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.workspace.Workspaces;
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
  private static final long MIB = 1024L * 1024;

  /**
   * What Claude Code offers without tools that act outside a run or the workspace. The runner ends
   * a run whose process offers more.
   */
  private static final List<String> TOOLS =
      List.of(
          "Agent",
          "AskUserQuestion",
          "Bash",
          "Edit",
          "ExitPlanMode",
          "Glob",
          "Grep",
          "NotebookEdit",
          "Read",
          "Skill",
          "TaskCreate",
          "TaskGet",
          "TaskList",
          "TaskOutput",
          "TaskStop",
          "TaskUpdate",
          "Write");

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
  Surroundings surroundings(LocalOwner owner, DefaultSettings defaults) {
    return new Surroundings(
        agent(owner, defaults),
        environment(owner, defaults),
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
        TOOLS,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static EnvironmentSnapshot environment(LocalOwner owner, DefaultSettings defaults) {
    return new EnvironmentSnapshot(
        owner.environment(),
        "local",
        EnvironmentSnapshot.Kind.LOCAL,
        new EnvironmentSnapshot.Network.Closed(),
        Map.of(),
        new EnvironmentSnapshot.Limits(
            defaults.memoryMib(), defaults.processes(), Workspaces.BYTES_MAX / MIB),
        List.of(),
        List.of());
  }
}
