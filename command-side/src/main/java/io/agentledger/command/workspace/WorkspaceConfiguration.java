package io.agentledger.command.workspace;

import io.agentledger.api.vault.Vaults;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.api.workspace.Workspaces;
import io.agentledger.command.claude.SessionFiles;
import io.agentledger.command.claude.WorkspaceQuota;
import io.agentledger.command.claude.WorkspaceRoot;
import io.agentledger.command.claude.snapshot.KeptTrees;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.support.outbound.Destinations;
import io.agentledger.command.support.outbound.Outbound;
import io.agentledger.command.workspace.git.GitSettings;
import io.agentledger.command.workspace.git.Repositories;
import io.agentledger.store.content.SealedBytes;
import io.agentledger.store.event.Tail;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The copies of folders that sessions begin with, and what became of their files. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({GitSettings.class, SnapshotSettings.class})
public class WorkspaceConfiguration {
  private static final int COPIES_MAX = 2;
  private static final int READERS_MAX = 4;
  private static final int FETCHES_MAX = 4;
  private static final Duration KEEPING = Duration.ofSeconds(30);

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
  BoundStates boundStates(@Lazy SessionFiles files, SnapshotSettings limits) {
    return new BoundStates(files, limits);
  }

  @Bean
  KeepingUnderWay keepingUnderWay(
      @Qualifier("eventStore") EventStore store,
      Tail tail,
      @Qualifier("fileReaders") ExecutorService readers,
      Clock clock) {
    return new KeepingUnderWay(store, tail, readers, clock, KEEPING);
  }

  @Bean
  FileHistory fileHistory(SealedBytes kept, BoundStates bound, KeepingUnderWay keeping) {
    return new KeptFileHistory(new KeptTrees(kept), bound, keeping);
  }

  @Bean
  WorkspaceFiles workspaceFiles(
      @Lazy SessionFiles files,
      WorkspaceQuota quota,
      @Qualifier("fileReaders") ExecutorService readers,
      @Qualifier("copiers") ExecutorService copiers) {
    return new NodeWorkspaceFiles(files, new WorkspaceLimits(files, quota), readers, copiers);
  }

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService fetchers() {
    return Executors.newFixedThreadPool(
        FETCHES_MAX, Thread.ofPlatform().name("workspace-git-", 0).daemon().factory());
  }

  @Bean
  Repositories repositories(
      Outbound outbound, Destinations destinations, Vaults vaults, GitSettings settings) {
    return new Repositories(outbound, destinations, vaults, settings);
  }

  @Bean
  Workspaces workspaces(
      WorkspaceRoot root,
      Repositories repositories,
      @Qualifier("copiers") ExecutorService copiers,
      @Qualifier("fetchers") ExecutorService fetchers) {
    return new StagedWorkspaces(root, repositories, copiers, fetchers);
  }
}
