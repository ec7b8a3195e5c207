package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowCommand.RecordFailedReply;
import io.agentledger.api.flow.FlowCommand.RecordReply;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.provider.Comment;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import java.util.Objects;

/**
 * Posts a reply: creates or edits the one comment of the flow, which shows its present stage. The
 * flow never waits for it.
 */
final class FlowReplyJob {
  private final FlowReader reader;
  private final ProviderClient provider;
  private final FlowCostReader costs;
  private final FlowOwner owners;
  private final FlowCommandSender commands;
  private final FlowSettings settings;

  FlowReplyJob(
      FlowReader reader,
      ProviderClient provider,
      FlowCostReader costs,
      FlowOwner owners,
      FlowCommandSender commands,
      FlowSettings settings) {
    this.reader = reader;
    this.provider = provider;
    this.costs = costs;
    this.owners = owners;
    this.commands = commands;
    this.settings = settings;
  }

  /**
   * Posts a reply.
   *
   * @param attempt from 1
   */
  void post(TenantId tenant, FlowId flow, int number, int attempt) {
    var state = reader.read(flow);
    var definition = state.definition();
    try {
      if (!owners.mayPublish(tenant, state)) {
        commands.send(tenant, new FailFlow(flow, FlowOwner.INACTIVE));
        fail(tenant, state, number, FlowOwner.INACTIVE);
        return;
      }
      var comment =
          new Comment(
              state.commentId(),
              FlowComment.markerOf(flow),
              new FlowComment(state, settings.publicUrl())
                  .toMarkdown(resultOf(state), costs.of(tenant, flow)));
      var id =
          provider.putComment(
              tenant,
              Objects.requireNonNull(definition.connection()),
              Objects.requireNonNull(definition.source()),
              comment);
      commands.send(tenant, new RecordReply(flow, number, state.stage(), id));
    } catch (ProviderRefusedException e) {
      fail(tenant, state, number, new FlowFailure("provider_refused", message(e)));
    } catch (ProviderUnavailableException e) {
      if (attempt < FlowJob.ATTEMPTS_MAX) throw e;
      fail(tenant, state, number, new FlowFailure("provider_unavailable", message(e)));
    } catch (RuntimeException e) {
      if (attempt < FlowJob.ATTEMPTS_MAX) throw e;
      fail(tenant, state, number, FlowJob.internal(flow, e));
    }
  }

  private String resultOf(FlowState flow) {
    return flow.status() == FlowStatus.SUCCEEDED
        ? reader
            .findSession(flow.flowId().workExecution())
            .flatMap(reader::findCompletedRun)
            .map(reader::resultOf)
            .orElse("")
        : "";
  }

  private void fail(TenantId tenant, FlowState flow, int number, FlowFailure failure) {
    commands.send(tenant, new RecordFailedReply(flow.flowId(), number, flow.stage(), failure));
  }

  private static String message(RuntimeException failure) {
    return String.valueOf(failure.getMessage());
  }
}
