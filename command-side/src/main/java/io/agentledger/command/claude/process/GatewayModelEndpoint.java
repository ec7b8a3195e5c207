package io.agentledger.command.claude.process;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.ListeningSocket;
import io.agentledger.command.model.ModelGateway;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.command.model.ModelSocket;
import io.agentledger.command.model.WebSearchPermit;
import io.agentledger.command.model.usage.UsageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Model endpoint of the built-in model gateway. */
public final class GatewayModelEndpoint implements ModelEndpoint {
  private final ModelGateway gateway;

  public GatewayModelEndpoint(ModelGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Upstream upstream() {
    return gateway.upstream();
  }

  @Override
  public Connection open(ListeningSocket socket, Path usage, EndpointOwner endpointOwner)
      throws IOException {
    io.agentledger.command.model.ProcessRef processRef =
        new io.agentledger.command.model.ProcessRef(endpointOwner.session(), endpointOwner.id());
    return new GatewayConnection(
        gateway.open(socket, usage, processRef, endpointOwner.billingContext()), usage);
  }

  private record GatewayConnection(ModelSocket socket, Path usage) implements Connection {
    @Override
    public void answerWarmUp() {
      socket.answerWarmUp();
    }

    @Override
    public void bindRun(BillingContext billingContext) {
      socket.bindRun(billingContext);
    }

    @Override
    public Optional<BudgetShortfall> findShortfall(RunId run) {
      return socket.findShortfall(run);
    }

    @Override
    public void permitSearch(ToolCallId call, WebSearchPermit permit) {
      socket.permitSearch(call, permit);
    }

    @Override
    public void endPermits(ToolCallId call) {
      socket.endSearch(call);
    }

    @Override
    public boolean isExchanging() {
      return socket.isExchanging();
    }

    @Override
    public Optional<ModelOutage> findOutage(RunId run) {
      return socket.findOutage(run);
    }

    @Override
    public boolean wasSent(String messageId) {
      return socket.hasMessage(messageId);
    }

    @Override
    public boolean wasRequested(String toolUseId) {
      return socket.findRequestedToolCall(toolUseId).isPresent();
    }

    @Override
    public boolean markReturned(String toolUseId, long journalOffset) {
      return socket.markReturned(toolUseId, journalOffset);
    }

    @Override
    public List<MeteredTurn> usageAfter(long offset) throws IOException {
      return UsageFile.read(usage, offset).exchanges().stream()
          .filter(ended -> !ended.exchange().runId().isEmpty())
          .map(
              ended ->
                  new MeteredTurn(
                      new RunId(ended.exchange().runId()), ended.exchange(), ended.endOffset()))
          .toList();
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
