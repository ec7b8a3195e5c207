package io.agentledger.command.workspace;

import io.agentledger.api.workspace.Workspaces;
import io.agentledger.command.claude.WorkspaceRoot;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The copies of folders that sessions begin with. */
@Configuration(proxyBeanMethods = false)
public class WorkspaceConfiguration {
  private static final int COPIES_MAX = 2;

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService copiers() {
    return Executors.newFixedThreadPool(
        COPIES_MAX, Thread.ofPlatform().name("workspace-copy-", 0).daemon().factory());
  }

  @Bean
  Workspaces workspaces(WorkspaceRoot root, @Qualifier("copiers") ExecutorService copiers) {
    return new StagedWorkspaces(root, copiers);
  }
}
