package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand.CompletePublishing;
import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowCommand.PullRequestRef;
import io.agentledger.api.flow.FlowCommand.RecordBranch;
import io.agentledger.api.flow.FlowCommand.RecordBranchDeletion;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowRepository;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import io.agentledger.command.flow.provider.PullRequestRequest;
import io.agentledger.command.flow.repository.PublishRequest;
import io.agentledger.command.flow.repository.PublisherBusyException;
import io.agentledger.command.flow.repository.RepositoryPublisher;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the files of a flow whose tests passed: pushes the branch, then opens the pull request.
 * If the flow ends without success meanwhile, the same job deletes the branch unless it has a pull
 * request. Each step may be repeated.
 */
final class FlowPublishJob {
  private final FlowReader reader;
  private final RepositoryPublisher publisher;
  private final ProviderClient provider;
  private final TestGate tests;
  private final FlowOwner owners;
  private final FlowCommandSender commands;

  FlowPublishJob(
      FlowReader reader,
      RepositoryPublisher publisher,
      ProviderClient provider,
      TestGate tests,
      FlowOwner owners,
      FlowCommandSender commands) {
    this.reader = reader;
    this.publisher = publisher;
    this.provider = provider;
    this.tests = tests;
    this.owners = owners;
    this.commands = commands;
  }

  /**
   * Publishes the files, or undoes that.
   *
   * @param attempt from 1
   */
  void publish(TenantId tenant, FlowId flow, int attempt) {
    var state = reader.read(flow);
    if (state.status() == FlowStatus.PUBLISHING) {
      var failure = tryToPublish(tenant, state, attempt);
      if (failure != null) commands.send(tenant, new FailFlow(flow, failure));
    }
    undo(tenant, flow, attempt);
  }

  /**
   * Returns the failure that ends the flow; null for none.
   *
   * @throws ProviderUnavailableException if a later attempt may succeed
   */
  private @Nullable FlowFailure tryToPublish(TenantId tenant, FlowState flow, int attempt) {
    try {
      if (!owners.mayPublish(tenant, flow)) return FlowOwner.INACTIVE;
      return publish(tenant, flow);
    } catch (PublisherBusyException e) {
      throw e;
    } catch (ProviderRefusedException e) {
      return new FlowFailure("provider_refused", String.valueOf(e.getMessage()));
    } catch (ProviderUnavailableException e) {
      if (attempt < FlowJob.ATTEMPTS_MAX) throw e;
      return new FlowFailure("provider_unavailable", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      if (attempt < FlowJob.ATTEMPTS_MAX) throw e;
      return FlowJob.internal(flow.flowId(), e);
    }
  }

  private @Nullable FlowFailure publish(TenantId tenant, FlowState flow) {
    var failed = tests.verify(tenant, flow);
    if (failed.isPresent()) return failed.get();
    var id = flow.flowId();
    var pushed = publisher.publish(tenant, requestOf(flow));
    // The session may have gone on meanwhile, so that newer files were pushed.
    failed = tests.verify(tenant, flow);
    if (pushed.isEmpty()) {
      if (failed.isEmpty()) commands.send(tenant, new CompletePublishing(id, null));
      return failed.orElse(null);
    }
    var branch = pushed.get();
    boolean isNeeded =
        commands.send(tenant, new RecordBranch(id, branch.branch(), branch.commit()));
    if (!isNeeded || failed.isPresent()) return failed.orElse(null);
    var repository = repositoryOf(flow);
    if (!repository.pullRequest()) {
      commands.send(tenant, new CompletePublishing(id, null));
      return null;
    }
    var opened =
        provider.openPullRequest(
            tenant, repository.connection(), pullRequestOf(flow, branch.branch()));
    commands.send(
        tenant, new CompletePublishing(id, new PullRequestRef(opened.number(), opened.url())));
    return null;
  }

  /** Deletes the branch of a flow that has ended without success and without a pull request. */
  private void undo(TenantId tenant, FlowId flow, int attempt) {
    var state = reader.read(flow);
    if (state.status() == FlowStatus.SUCCEEDED || state.pullRequest() != null) return;
    commands.send(tenant, new RecordBranchDeletion(flow, delete(tenant, state, attempt)));
  }

  private @Nullable FlowFailure delete(TenantId tenant, FlowState flow, int attempt) {
    try {
      publisher.deleteBranch(tenant, requestOf(flow));
      return null;
    } catch (PublisherBusyException e) {
      throw e;
    } catch (ProviderRefusedException e) {
      return new FlowFailure("provider_refused", String.valueOf(e.getMessage()));
    } catch (ProviderUnavailableException e) {
      if (attempt < 2 * FlowJob.ATTEMPTS_MAX) throw e; // After those of the publishing.
      return new FlowFailure("provider_unavailable", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      if (attempt < 2 * FlowJob.ATTEMPTS_MAX) throw e;
      return FlowJob.internal(flow.flowId(), e);
    }
  }

  private static FlowRepository repositoryOf(FlowState flow) {
    return Objects.requireNonNull(flow.definition().repository());
  }

  private PublishRequest requestOf(FlowState flow) {
    var repository = repositoryOf(flow);
    var task = flow.definition().work().task().name();
    return new PublishRequest(
        reader.findSession(flow.flowId().workExecution()).orElseThrow(),
        repository.connection(),
        repository.url(),
        repository.baseBranch(),
        FlowRepository.branchOf(flow.flowId()),
        "",
        task + "\n\nFlow: " + flow.flowId(),
        FlowComment.markerOf(flow.flowId()));
  }

  private PullRequestRequest pullRequestOf(FlowState flow, String branch) {
    var repository = repositoryOf(flow);
    var result =
        reader
            .findSession(flow.flowId().workExecution())
            .flatMap(reader::findCompletedRun)
            .map(reader::resultOf)
            .orElse("");
    return new PullRequestRequest(
        repository.project(),
        branch,
        repository.baseBranch(),
        flow.definition().work().task().name(),
        "Changes of the flow `"
            + flow.flowId()
            + "`.\n\n"
            + (result.isBlank() ? "" : "Report of the agent:\n" + FlowComment.quoted(result)),
        FlowComment.markerOf(flow.flowId()));
  }
}
