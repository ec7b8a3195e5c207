package io.agentledger.command.workspace;

import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.api.workspace.WorkspaceProvisioner;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.claude.snapshot.SnapshotReader;
import io.agentledger.command.claude.snapshot.SnapshotService;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.workspace.git.GitFetcher;
import io.agentledger.command.workspace.git.GitSettings;
import io.agentledger.store.crypto.SealedBlobStore;
import io.agentledger.store.event.LiveEventFeed;
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

/** Beans for the workspaces of sessions and the history of their files. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({GitSettings.class, SnapshotSettings.class})
public class WorkspaceConfiguration {
  private static final int COPIES_MAX = 2;
  private static final int READERS_MAX = 4;
  private static final int FETCHES_MAX = 4;
  private static final Duration CHECKPOINT_TIMEOUT = Duration.ofSeconds(30);

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
  SnapshotService snapshotService(SealedBlobStore store, SnapshotSettings settings, Clock clock) {
    return new SnapshotService(store, settings, clock);
  }

  @Bean
  WorkspaceStates workspaceStates(@Lazy SessionFiles files, SnapshotService snapshots) {
    return new WorkspaceStates(files, snapshots);
  }

  @Bean
  CheckpointAwaiter checkpointAwaiter(
      @Qualifier("eventStore") EventStore store,
      LiveEventFeed liveEventFeed,
      @Qualifier("fileReaders") ExecutorService readers,
      Clock clock) {
    return new CheckpointAwaiter(store, liveEventFeed, readers, clock, CHECKPOINT_TIMEOUT);
  }

  @Bean
  FileHistory fileHistory(
      SealedBlobStore blobs,
      WorkspaceStates workspaceStates,
      CheckpointAwaiter checkpointAwaiter,
      @Qualifier("copiers") ExecutorService copiers) {
    return new CheckpointFileHistory(
        new SnapshotReader(blobs), workspaceStates, checkpointAwaiter, copiers);
  }

  @Bean
  CheckpointFiles checkpointFiles(SealedBlobStore blobs, CheckpointAwaiter checkpointAwaiter) {
    return new CheckpointFiles(new SnapshotReader(blobs), checkpointAwaiter);
  }

  @Bean
  WorkspaceFiles workspaceFiles(
      @Lazy SessionFiles files,
      WorkspaceQuota quota,
      SnapshotSettings archiveLimits,
      @Qualifier("fileReaders") ExecutorService readers,
      @Qualifier("copiers") ExecutorService copiers) {
    return new LocalWorkspaceFiles(
        files, new WorkspaceLimits(files, quota), archiveLimits, readers, copiers);
  }

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService fetchers() {
    return Executors.newFixedThreadPool(
        FETCHES_MAX, Thread.ofPlatform().name("workspace-git-", 0).daemon().factory());
  }

  @Bean
  GitFetcher repositories(
      OutboundHttpClient outbound,
      DestinationPolicy destinations,
      SecretReader secretReader,
      GitSettings settings) {
    return new GitFetcher(outbound, destinations, secretReader, settings);
  }

  @Bean
  WorkspaceProvisioner workspaces(
      NodeWorkspaces nodeWorkspaces,
      @Qualifier("eventStore") EventStore store,
      GitFetcher gitFetcher,
      @Qualifier("copiers") ExecutorService copiers,
      @Qualifier("fetchers") ExecutorService fetchers) {
    return new LocalWorkspaceProvisioner(
        nodeWorkspaces,
        session -> store.lastSequenceNumberFor(session.value()).isPresent(),
        gitFetcher,
        copiers,
        fetchers);
  }
}
