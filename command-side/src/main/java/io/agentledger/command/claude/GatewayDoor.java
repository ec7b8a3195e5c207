package io.agentledger.command.claude;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.Output;
import io.agentledger.api.session.OutputEvent.Priced;
import io.agentledger.api.session.OutputEvent.TurnEnd;
import io.agentledger.api.session.RunId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.Caller;
import io.agentledger.command.model.ModelGateway;
import io.agentledger.command.model.ModelSocket;
import io.agentledger.command.model.usage.Cost;
import io.agentledger.command.model.usage.Exchange;
import io.agentledger.command.model.usage.UsageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The house's own model gateway as the door. */
final class GatewayDoor implements ModelDoor {
  private final ModelGateway gateway;

  GatewayDoor(ModelGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Upstream upstream() {
    return Upstream.valueOf(gateway.upstream().toUpperCase(Locale.ROOT));
  }

  @Override
  public Opening open(Path socket, Path usage, Process process) throws IOException {
    Caller caller = new Caller(process.session().value(), process.id().value());
    return new Opened(gateway.open(socket, usage, caller), usage);
  }

  private record Opened(ModelSocket socket, Path usage) implements Opening {
    @Override
    public void run(RunId run) {
      socket.run(run.value());
    }

    @Override
    public boolean asked(String toolUseId) {
      return socket.asked(toolUseId).isPresent();
    }

    @Override
    public List<Counted> usageAfter(long offset) throws IOException {
      return UsageFile.read(usage, offset).exchanges().stream()
          .filter(ended -> !ended.exchange().runId().isEmpty())
          .map(ended -> counted(ended.exchange(), ended.end()))
          .toList();
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static Counted counted(Exchange exchange, long end) {
    var usage = exchange.usage();
    Output.Turn turn =
        new Output.Turn(
            exchange.exchangeId(),
            exchange.model(),
            new Usage(
                usage.inputTokens(),
                usage.outputTokens(),
                usage.cacheReadTokens(),
                usage.cacheWrite5mTokens(),
                usage.cacheWrite1hTokens()),
            exchange.simulated() ? Money.ZERO : new Money(exchange.cost().nanos()),
            priced(exchange),
            exchange.phase() == Exchange.Phase.CUT ? TurnEnd.CUT : TurnEnd.COMPLETE);
    return new Counted(new RunId(exchange.runId()), turn, end);
  }

  private static Priced priced(Exchange exchange) {
    if (exchange.simulated()) {
      return new Priced.Rehearsed();
    }
    return exchange.cost().basis() == Cost.Basis.LISTED
        ? new Priced.Table(exchange.cost().table())
        : new Priced.Unknown();
  }
}
