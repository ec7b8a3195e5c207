package io.agentledger.command.claude.process;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.RunId;
import io.agentledger.command.model.Account;
import io.agentledger.command.model.Caller;
import io.agentledger.command.model.ModelGateway;
import io.agentledger.command.model.ModelSocket;
import io.agentledger.command.model.usage.UsageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The house's own model gateway as the door. */
public final class GatewayDoor implements ModelDoor {
  private final ModelGateway gateway;

  public GatewayDoor(ModelGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Upstream upstream() {
    return gateway.upstream();
  }

  @Override
  public Opening open(Path socket, Path usage, Process process) throws IOException {
    Caller caller = new Caller(process.session(), process.id());
    return new Opened(gateway.open(socket, usage, caller), usage);
  }

  private record Opened(ModelSocket socket, Path usage) implements Opening {
    @Override
    public void run(Account account) {
      socket.run(account);
    }

    @Override
    public boolean isRefused(RunId run) {
      return socket.isRefused(run);
    }

    @Override
    public boolean asked(String toolUseId) {
      return socket.asked(toolUseId).isPresent();
    }

    @Override
    public List<Counted> usageAfter(long offset) throws IOException {
      return UsageFile.read(usage, offset).exchanges().stream()
          .filter(ended -> !ended.exchange().runId().isEmpty())
          .map(
              ended ->
                  new Counted(
                      new RunId(ended.exchange().runId()), ended.exchange().turn(), ended.end()))
          .toList();
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
