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
  private static final Duration CHECKPOINT_TIMEOUT = Duration.ofSeconds(30);

  @Bean
  FileExecutors fileExecutors(@Qualifier("eventStore") EventStore store) {
    return new FileExecutors(store);
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
      FileExecutors executors,
      Clock clock) {
    return new CheckpointAwaiter(store, liveEventFeed, executors, clock, CHECKPOINT_TIMEOUT);
  }

  @Bean
  FileHistory fileHistory(
      SealedBlobStore blobs, WorkspaceStates workspaceStates, CheckpointAwaiter checkpointAwaiter) {
    return new CheckpointFileHistory(new SnapshotReader(blobs), workspaceStates, checkpointAwaiter);
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
      FileExecutors executors) {
    return new LocalWorkspaceFiles(
        files, new WorkspaceLimits(files, quota), archiveLimits, executors);
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
      FileExecutors executors) {
    return new LocalWorkspaceProvisioner(
        nodeWorkspaces,
        session -> store.lastSequenceNumberFor(session.value()).isPresent(),
        gitFetcher,
        executors::copier,
        executors::fetcher);
  }
}
