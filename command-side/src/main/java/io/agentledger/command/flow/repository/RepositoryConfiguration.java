package io.agentledger.command.flow.repository;

import io.agentledger.api.flow.RepositoryUrlPolicy;
import io.agentledger.command.flow.provider.GitHubLogins;
import io.agentledger.command.workspace.CheckpointFiles;
import io.agentledger.command.workspace.git.GitFetcher;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans for the publication of sessions' files in repositories. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PublishingSettings.class)
public class RepositoryConfiguration {
  @Bean
  RepositoryPublisher repositoryPublisher(
      GitFetcher gitFetcher,
      GitHubLogins logins,
      CheckpointFiles checkpointFiles,
      PublishingSettings settings,
      NodeHome home) {
    return new BareClonePublisher(
        gitFetcher, logins, checkpointFiles::findNewest, settings, home.privateDirectory("clones"));
  }

  @Bean
  RepositoryUrlPolicy repositoryUrlPolicy(GitFetcher gitFetcher) {
    return gitFetcher::requirePermitted;
  }

  @Bean
  TestResultReader testResultReader(@Qualifier("eventStore") EventStore store, Sealer sealer) {
    return new TestResultReader(store, sealer);
  }
}
