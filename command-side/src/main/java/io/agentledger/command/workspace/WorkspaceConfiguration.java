package io.agentledger.command.workspace;

import io.agentledger.api.workspace.FileHistory;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.api.workspace.Workspaces;
import io.agentledger.command.claude.SessionFiles;
import io.agentledger.command.claude.WorkspaceRoot;
import io.agentledger.command.claude.snapshot.KeptTrees;
import io.agentledger.store.content.SealedBytes;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The copies of folders that sessions begin with, and what became of their files. */
@Configuration(proxyBeanMethods = false)
public class WorkspaceConfiguration {
  private static final int COPIES_MAX = 2;
  private static final int READERS_MAX = 4;

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService copiers() {
    return Executors.newFixedThreadPool(
        COPIES_MAX, Thread.ofPlatform().name("workspace-copy-", 0).daemon().factory());
  }

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService fileReaders() {
    return Executors.newFixedThreadPool(
        READERS_MAX, Thread.ofPlatform().name("workspace-files-", 0).daemon().factory());
  }

  @Bean
  FileHistory fileHistory(
      @Qualifier("eventStore") EventStore store,
      SealedBytes kept,
      @Qualifier("fileReaders") ExecutorService readers) {
    return new KeptFileHistory(store, new KeptTrees(kept), readers);
  }

  @Bean
  WorkspaceFiles workspaceFiles(
      @Lazy SessionFiles files, @Qualifier("fileReaders") ExecutorService readers) {
    return new NodeWorkspaceFiles(files, readers);
  }

  @Bean
  Workspaces workspaces(WorkspaceRoot root, @Qualifier("copiers") ExecutorService copiers) {
    return new StagedWorkspaces(root, copiers);
  }
}
